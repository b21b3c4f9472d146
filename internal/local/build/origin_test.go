package build

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

func TestOpen_supports_the_legacy_origin_access_identity(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, func(r object) {
		r["Identity"] = object{"Type": "AWS::CloudFront::CloudFrontOriginAccessIdentity", "Properties": object{"CloudFrontOriginAccessIdentityConfig": object{"Comment": "x"}}}
		origin := siteOrigin(r)
		delete(origin, "OriginAccessControlId")
		origin["S3OriginConfig"] = object{"OriginAccessIdentity": object{"Fn::Join": []any{"", []any{"origin-access-identity/cloudfront/", object{"Ref": "Identity"}}}}}
		properties(r, sitePolicy)["PolicyDocument"] = object{"Statement": []any{object{
			"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
			"Principal": object{"CanonicalUser": object{"Fn::GetAtt": []any{"Identity", "S3CanonicalUserId"}}},
		}}}
	}), Options{})
	if resp, body := get(t, edge, "/index.html"); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestOpen_does_not_serve_a_website_endpoint(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, func(r object) {
		origin := siteOrigin(r)
		delete(origin, "OriginAccessControlId")
		delete(origin, "S3OriginConfig")
		origin["DomainName"] = object{"Fn::Select": []any{2, object{"Fn::Split": []any{"/", object{"Fn::GetAtt": []any{siteBucket, "WebsiteURL"}}}}}}
		origin["CustomOriginConfig"] = object{"OriginProtocolPolicy": "http-only"}
	}), Options{})
	wantStub(t, edge, "/", "Site/Distribution, DistributionConfig.Origins[0].DomainName: the website endpoint site-bucket", "isn't supported locally", "RegionalDomainName")
}

func TestOpen_never_forwards_the_viewers_Host_to_a_bucket(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, func(r object) {
		config := properties(r, siteDistribution)["DistributionConfig"].(object)
		// The managed policy AllViewer.
		config["DefaultCacheBehavior"].(object)["OriginRequestPolicyId"] = "216adef6-5c7f-47e4-b989-5492eafa07d3"
	}), Options{})
	if resp, body := get(t, edge, "/index.html"); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestNetworkOrigin_sends_to_the_network_what_the_assembly_does_not_define(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "there") }))
	t.Cleanup(server.Close)
	log, written := logtest.New()
	transport := &networkOrigin{b: &builder{log: log, deployment: new(template.Deployment), foreign: map[string]bool{}}}
	for range 2 {
		request, err := http.NewRequest(http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(resp.Body); string(body) != "there" {
			t.Errorf("got %q", body)
		}
		resp.Body.Close()
	}
	if got := strings.Count(written.String(), "go to the network"); got != 1 {
		t.Errorf("got %d lines about the network, want one: %s", got, written)
	}
}

func TestOpen_shows_viewer_protocol_policies_over_plain_HTTP(t *testing.T) {
	dir := siteAssembly(t, func(r object) {
		for _, value := range r {
			if value, ok := value.(object); ok && value["Type"] == "AWS::CloudFront::Distribution" {
				config := value["Properties"].(object)["DistributionConfig"].(object)
				config["DefaultCacheBehavior"].(object)["ViewerProtocolPolicy"] = "redirect-to-https"
			}
		}
	})
	edge, _ := open(t, dir, Options{PlainHTTP: true})
	if resp, _ := get(t, edge, "/index.html"); resp.StatusCode != http.StatusMovedPermanently || !strings.HasPrefix(resp.Header.Get("Location"), "https://") {
		t.Errorf("got %d to %q, want a redirect to HTTPS", resp.StatusCode, resp.Header.Get("Location"))
	}
	edge, _ = open(t, dir, Options{})
	if resp, _ := get(t, edge, "/index.html"); resp.StatusCode != http.StatusOK {
		t.Errorf("without PlainHTTP: got %d, want 200", resp.StatusCode)
	}
}

func TestNetwork_adds_nothing_of_net_http_to_requests(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q %q", r.Header["User-Agent"], r.Header["Accept-Encoding"])
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := network.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	t.Cleanup(network.transport.CloseIdleConnections)
	if got, err := io.ReadAll(resp.Body); err != nil || string(got) != "[] []" {
		t.Errorf("the origin got %s: %v", got, err)
	}
}
