package main

import (
	"fmt"
	"io"
	"net"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// printServed prints what is served, at which addresses, and how to sign for it.
// The ports are those of the parts that have their own, by construct path.
func printServed(w io.Writer, edge *local.Edge, name string, main net.Addr, ports map[string]net.Addr) {
	fmt.Fprintf(w, "Serving %s\n\n", name)
	for _, distribution := range edge.Distributions {
		fmt.Fprintf(w, "  distribution  %s\n", distribution.Path)
		fmt.Fprintf(w, "                %s\n", address(distribution.Path, main, ports))
	}
	for _, url := range edge.FunctionURLs {
		fmt.Fprintf(w, "  function URL  %s\n", url.Path)
		fmt.Fprintf(w, "                %s\n", address(url.Path, main, ports))
		_, port, _ := net.SplitHostPort(main.String())
		fmt.Fprintf(w, "                http://%s/\n", net.JoinHostPort(url.Host, port))
		fmt.Fprintf(w, "                %s\n", url.Function)
		if url.AuthType == "AWS_IAM" {
			fmt.Fprintf(w, "                signed requests only: curl --aws-sigv4 aws:amz:%s:lambda --user %s:%s\n",
				url.Region, url.AccessKeyID, build.SecretAccessKey)
		}
	}
	if !isLoopback(main) {
		fmt.Fprint(w, "\nOther machines reach these ports at this machine's address.\n")
	}
	if len(edge.Distributions) > 0 {
		fmt.Fprintf(w, "\nTry: curl -N %s\n", address(edge.Distributions[0].Path, main, ports))
	}
	fmt.Fprint(w, "Stop with Ctrl-C.\n\n")
}

// address returns the URL of a part. One without its own port is at the main one.
func address(path string, main net.Addr, ports map[string]net.Addr) string {
	at, ok := ports[path]
	if !ok {
		at = main
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err != nil || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}
