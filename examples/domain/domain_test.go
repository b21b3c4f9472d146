package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestDomain_synthesizes_and_serves(t *testing.T) {
	assembly := localtest.Synthesize(t)
	t.Run("has its certificate and web ACL in us-east-1", func(t *testing.T) {
		defines(t, assembly, "*UsEast1*.template.json", "AWS::CertificateManager::Certificate", "AWS::WAFv2::WebACL")
	})
	t.Run("sends alarms of both regions by e-mail", func(t *testing.T) {
		for _, stack := range []string{"Domain.template.json", "*Monitoring*.template.json"} {
			defines(t, assembly, stack, "AWS::CloudWatch::Alarm", "AWS::SNS::Subscription", "ops@example.com")
		}
	})
	edge := localtest.Serve(t, localtest.Build(t), assembly)
	t.Run("streams and takes a POST", func(t *testing.T) {
		if got := localtest.Stream(t, edge.URL+"/?name=Ada", 300*time.Millisecond); !strings.Contains(got, "2: hello Ada") {
			t.Errorf("got %q, want three greetings", got)
		}
		if got := localtest.Post(t, edge.URL+"/", "name=Ada"); !strings.Contains(got, "2: hello Ada") {
			t.Errorf("got %q, want three greetings", got)
		}
	})
	t.Run("serves its domain name", func(t *testing.T) {
		response := request(t, http.MethodGet, edge.URL, nil, "chat.example.com")
		if got := response.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("got HSTS %q, want a year", got)
		}
	})
	t.Run("permits pages of another origin", func(t *testing.T) {
		page := http.Header{"Origin": {"https://www.example.com"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"content-type"}}
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			response := request(t, method, edge.URL, page, "")
			if got := response.Header.Values("Access-Control-Allow-Origin"); len(got) != 1 || got[0] != "https://www.example.com" {
				t.Errorf("%s: got Access-Control-Allow-Origin %q, want the page's origin once", method, got)
			}
			if got := response.Header.Get("Access-Control-Allow-Methods"); method == http.MethodOptions && !strings.Contains(got, "POST") {
				t.Errorf("got Access-Control-Allow-Methods %q, want POST", got)
			}
		}
		other := request(t, http.MethodGet, edge.URL, http.Header{"Origin": {"https://evil.example"}}, "")
		if got := other.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("got Access-Control-Allow-Origin %q for another origin, want none", got)
		}
	})
	t.Run("says that there is no web ACL locally", func(t *testing.T) {
		edge.WaitForLog(t, "WebACLId")
	})
}

// defines checks that the one template whose file name matches pattern contains
// the words.
func defines(t *testing.T, assembly, pattern string, words ...string) {
	t.Helper()
	templates, err := filepath.Glob(filepath.Join(assembly, pattern))
	if err != nil || len(templates) != 1 {
		t.Fatalf("got templates %v (%v), want one", templates, err)
	}
	template, err := os.ReadFile(templates[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range words {
		if !strings.Contains(string(template), want) {
			t.Errorf("got %s, want %s in it", template, want)
		}
	}
}

// request returns a response, which has to be a 200, without its body.
func request(t *testing.T, method, url string, header http.Header, host string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header
	}
	req.Host = host
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %s, want 200", method, response.Status)
	}
	return response
}
