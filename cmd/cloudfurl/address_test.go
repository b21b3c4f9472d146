package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLocal_gives_a_function_URL_an_address_for_every_client(t *testing.T) {
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
	address := p.waitFor(t, &p.stdout, `(http://127\.0\.0\.1:\d+/)\s+http://\S+\.localhost:\d+/`)
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s, want the handler's 200", response.Status)
	}
}

func TestLocal_says_that_other_machines_reach_it(t *testing.T) {
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "0.0.0.0:0")
	p.waitFor(t, &p.stdout, "Other machines reach these ports")
	p.waitFor(t, &p.stderr, "0.0.0.0:0 isn't a loopback address")
	if strings.Contains(p.stdout.String(), "0.0.0.0") {
		t.Error("the banner has an address that nobody can ask")
	}
	q := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
	q.waitFor(t, &q.stdout, "Ctrl-C")
	if all := fmt.Sprint(&q.stdout, &q.stderr); strings.Contains(all, "ther machines") {
		t.Error("it warns without a reason")
	}
}

// distributions writes an assembly with distributions in front of the function URL
// of testdata/assembly.
func distributions(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/assembly")); err != nil {
		t.Fatal(err)
	}
	var resources strings.Builder
	for _, name := range names {
		fmt.Fprintf(&resources, `"%s": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {
			"Enabled": true,
			"Origins": [{"Id": "Url", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
				"DomainName": {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["Url", "FunctionUrl"]}]}]}}],
			"DefaultCacheBehavior": {"TargetOriginId": "Url", "ViewerProtocolPolicy": "allow-all",
				"CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac"}
		}}},`, name)
	}
	writeFile(t, filepath.Join(dir, "Open.template.json"),
		strings.Replace(template(t, "", "version 1"), `"Resources": {`, `"Resources": {`+resources.String(), 1))
	return dir
}

// ask returns the status of a GET with a Host, if that isn't empty.
func ask(t *testing.T, address, host string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func TestLocal_prints_an_address_that_works_for_each_distribution(t *testing.T) {
	p := startProcess(t, "local", "--assembly", distributions(t, "First", "Second"), "--listen", "127.0.0.1:0")
	tried := p.waitFor(t, &p.stdout, `Try: curl -N (http://127\.0\.0\.1:\d+/)`)
	first := p.waitFor(t, &p.stdout, `distribution  Open/First\s+(\S+)`)
	second := p.waitFor(t, &p.stdout, `distribution  Open/Second\s+(\S+)`)
	if tried != first || first == second {
		t.Errorf("got %s to try, and %s and %s, want the first of two", tried, first, second)
	}
	for _, address := range []string{first, second} {
		if got := ask(t, address, ""); got != http.StatusOK {
			t.Errorf("%s: got %d, want 200", address, got)
		}
	}
}

func TestLocal_accepts_further_hosts_with_a_flag(t *testing.T) {
	dir := distributions(t, "Only")
	for _, test := range []struct {
		args []string
		want int
	}{
		{nil, http.StatusMisdirectedRequest},
		{[]string{"--host", "other.example.com", "--host", "laptop.example.com"}, http.StatusOK},
		{[]string{"--host", "*.example.com"}, http.StatusOK},
	} {
		p := startProcess(t, append([]string{"local", "--assembly", dir, "--listen", "127.0.0.1:0"}, test.args...)...)
		address := p.waitFor(t, &p.stdout, `Try: curl -N (\S+)`)
		if got := ask(t, address, "laptop.example.com"); got != test.want {
			t.Errorf("%q: got %d, want %d", test.args, got, test.want)
		}
	}
}

func TestLocal_puts_a_URL_in_the_place_of_an_origin(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(other.Close)
	p := startProcess(t, "local", "--assembly", distributions(t, "Only"), "--listen", "127.0.0.1:0", "--origin", "Url="+other.URL)
	address := p.waitFor(t, &p.stdout, `Try: curl -N (\S+)`)
	if got := ask(t, address, ""); got != http.StatusTeapot {
		t.Errorf("got %d, want the other server's 418", got)
	}
}
