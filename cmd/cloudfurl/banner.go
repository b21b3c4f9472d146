package main

import (
	"fmt"
	"io"
	"net"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// printServed says what is served, where, and how to sign for it.
func printServed(w io.Writer, edge *local.Edge, assembly string, address net.Addr) {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		host, port = address.String(), ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	fmt.Fprintf(w, "Serving %s\n\n", assembly)
	for _, distribution := range edge.Distributions {
		fmt.Fprintf(w, "  distribution  %s\n", distribution.Path)
		name := host
		if len(edge.Distributions) > 1 {
			name = distribution.Hosts[0]
		}
		fmt.Fprintf(w, "                http://%s/\n", net.JoinHostPort(name, port))
	}
	for _, url := range edge.FunctionURLs {
		fmt.Fprintf(w, "  function URL  %s\n", url.Path)
		fmt.Fprintf(w, "                http://%s/\n", net.JoinHostPort(url.Host, port))
		fmt.Fprintf(w, "                runs %s\n", url.Function)
		if url.AuthType == "AWS_IAM" {
			fmt.Fprintf(w, "                signed requests only: curl --aws-sigv4 aws:amz:%s:lambda --user %s:%s\n",
				url.Region, url.AccessKeyID, build.SecretAccessKey)
		}
	}
	if len(edge.Distributions) > 0 {
		fmt.Fprintf(w, "\nTry: curl -N http://%s/\n", net.JoinHostPort(host, port))
	}
	fmt.Fprint(w, "Stop with Ctrl-C.\n\n")
}
