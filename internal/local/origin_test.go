package local

import (
	"net/http"
	"strings"
	"testing"
)

func TestOpen_plays_the_legacy_origin_access_identity(t *testing.T) {
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

func TestOpen_plays_a_website_endpoint(t *testing.T) {
	website := func(change func(resources object)) func(object) {
		return func(r object) {
			bucket := properties(r, siteBucket)
			bucket["WebsiteConfiguration"] = object{"IndexDocument": "index.html", "ErrorDocument": "config.json"}
			bucket["PublicAccessBlockConfiguration"] = object{"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
			properties(r, sitePolicy)["PolicyDocument"] = object{"Statement": object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": "*"}}
			origin := siteOrigin(r)
			delete(origin, "OriginAccessControlId")
			delete(origin, "S3OriginConfig")
			origin["DomainName"] = object{"Fn::Select": []any{2, object{"Fn::Split": []any{"/", object{"Fn::GetAtt": []any{siteBucket, "WebsiteURL"}}}}}}
			origin["CustomOriginConfig"] = object{"OriginProtocolPolicy": "http-only"}
			change(r)
		}
	}
	edge, _ := open(t, siteAssembly(t, website(unchanged)), Options{})
	for path, status := range map[string]int{"/": 200, "/index.html": 200, "/assets/app.js": 200, "/nothing": 403} {
		if resp, body := get(t, edge, path); resp.StatusCode != status || status == 403 && !strings.Contains(body, `"domain"`) {
			t.Errorf("%s: got %d %s, want %d", path, resp.StatusCode, body, status)
		}
	}
	tests := map[string]func(object){
		"set OriginProtocolPolicy to http-only": func(r object) { siteOrigin(r)["CustomOriginConfig"] = object{"OriginProtocolPolicy": "https-only"} },
		"takes no signatures": func(r object) {
			siteOrigin(r)["OriginAccessControlId"] = object{"Ref": siteControl}
		},
		"a bucket without WebsiteConfiguration": func(r object) { delete(properties(r, siteBucket), "WebsiteConfiguration") },
		"does not play WebsiteConfiguration.RoutingRules": func(r object) {
			properties(r, siteBucket)["WebsiteConfiguration"].(object)["RoutingRules"] = []any{object{}}
		},
	}
	for want, change := range tests {
		log, _ := newTestLog()
		_, err := Open(siteAssembly(t, website(change)), Options{}, log)
		wantError(t, err, want)
	}
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
