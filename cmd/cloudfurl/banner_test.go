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

func TestBanner_shows_a_request_that_works_and_the_outputs_with_local_addresses(t *testing.T) {
	main := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 23875}
	for try, want := range map[string]string{
		"":                "",
		"GET /":           "Try: curl -N http://127.0.0.1:23875/\n",
		"POST /prod/chat": "Try: curl -N -X POST -d '{}' http://127.0.0.1:23875/prod/chat\n",
	} {
		var banner strings.Builder
		served{
			name: "cdk.out", main: main, width: 60, outputs: [][2]string{{"Shop.Url", "https://d1.cloudfront.net/a"}, {"Shop.Domain", "d1.cloudfront.net"}, {"Shop.Table", "orders"}},
			parts: []build.Part{{Kind: "distribution", Path: "Shop/Web", Try: try, Hosts: []string{"d1.cloudfront.localhost", "d1.cloudfront.net"}, Describe: func(string) []string {
				return []string{"a line that is longer than what is left of the terminal's width"}
			}}},
		}.print(&banner)
		for _, text := range []string{"  output        Shop.Url = http://127.0.0.1:23875/a\n  output        Shop.Domain = 127.0.0.1:23875\n", "a line that is longer than what is left of\n                the terminal's width\n"} {
			if !strings.Contains(banner.String(), text) {
				t.Errorf("no %q in\n%s", text, &banner)
			}
		}
		if !strings.Contains(banner.String(), want) || (try == "") == strings.Contains(banner.String(), "Try") || strings.Contains(banner.String(), "orders") {
			t.Errorf("%q: got\n%s", try, &banner)
		}
	}
}
