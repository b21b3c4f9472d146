// Command reverseproxy passes every request on to the server that its argument
// names, by httputil.ReverseProxy and nothing else: what a front costs that
// emulates nothing.
package main

import (
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: reverseproxy URL")
	}
	target, err := url.Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// The default of 2 would make most of the concurrent requests connect anew.
	transport.MaxIdleConnsPerHost = 64
	log.Printf("listening url=http://%s", listener.Addr())
	log.Fatal(http.Serve(listener, &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1,
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
	}))
}
