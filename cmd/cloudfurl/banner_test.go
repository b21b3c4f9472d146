package main

import (
	"net"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

func TestBanner_shows_the_stage_of_a_REST_API(t *testing.T) {
	var banner strings.Builder
	main := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 23875}
	served{name: "cdk.out", parts: []build.Part{{Kind: "REST API", Path: "Shop/Api", Prefix: "prod/"}}, main: main}.print(&banner)
	if !strings.Contains(banner.String(), "  REST API      Shop/Api\n                http://127.0.0.1:23875/prod/\n") {
		t.Errorf("got %s", banner.String())
	}
}
