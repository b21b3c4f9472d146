package build

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

const (
	siteBucket       = "Bucket83908E77"
	sitePolicy       = "BucketPolicyE9A3008A"
	siteDistribution = "Distribution830FAC52"
	siteControl      = "DistributionOrigin1S3OriginAccessControlEB606076"
	siteDeployment   = "DeploymentCustomResource9A70A77D"
)

func unchanged(object) {}

// siteOrigin returns the only origin of the site, to be changed.
func siteOrigin(resources object) object {
	config := properties(resources, siteDistribution)["DistributionConfig"].(object)
	return config["Origins"].([]any)[0].(object)
}

func TestOpen_serves_what_deployments_put_into_the_bucket(t *testing.T) {
	edge, log := open(t, siteAssembly(t, unchanged), Options{})
	domain := edge.Hosts[1]
	tests := []struct {
		path, contentType, body string
		status                  int
	}{
		{"/", "text/html", "<title>site</title>", 200},
		{"/index.html", "text/html", "<title>site</title>", 200},
		{"/assets/app.js", "text/javascript", `console.log("site")`, 200},
		{"/config.json", "application/json", `{"domain":"` + domain + `"}`, 200},
		{"/version.txt", "text/plain", "two", 200},                  // the later source wins
		{"/assets/app.css", "application/xml", "AccessDenied", 403}, // excluded
		{"/nothing", "application/xml", "AccessDenied", 403},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			resp, body := get(t, edge, test.path)
			if resp.StatusCode != test.status || !strings.Contains(body, test.body) || resp.Header.Get("Content-Type") != test.contentType {
				t.Errorf("got %d %s %s, want %d %s with %s", resp.StatusCode, resp.Header.Get("Content-Type"), body, test.status, test.contentType, test.body)
			}
			if test.status == 200 && (resp.Header.Get("Cache-Control") != "public, max-age=60" || resp.Header.Get("X-Amz-Meta-Release") != "7") {
				t.Errorf("the metadata of the deployment is missing: %v", resp.Header)
			}
		})
	}
	log.Want(t, "level=WARN", "has no object nothing", "hint=")

	req := httptest.NewRequest(http.MethodGet, "/index.html", nil)
	req.Header.Set("Range", "bytes=0-8")
	if resp, body := do(t, edge, req); resp.StatusCode != http.StatusPartialContent || body != "<!doctype" {
		t.Errorf("a range: got %d %q", resp.StatusCode, body)
	}
	if resp, _ := do(t, edge, httptest.NewRequest(http.MethodPut, "/index.html", strings.NewReader("x"))); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a PUT that the policy does not permit: got %d", resp.StatusCode)
	}
}

// Policies of other partitions name the distribution by their own ARNs.
func TestOpen_serves_a_bucket_in_China(t *testing.T) {
	dir := siteAssembly(t, func(object) {})
	manifest := filepath.Join(dir, "manifest.json")
	text := strings.ReplaceAll(readText(t, manifest), "eu-west-1", "cn-north-1")
	if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	edge, _ := open(t, dir, Options{})
	if resp, body := get(t, edge, "/index.html"); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s, want 200", resp.StatusCode, body)
	}
}

func TestOpen_responds_403_where_AWS_does(t *testing.T) {
	statement := func(resources object) object {
		document := properties(resources, sitePolicy)["PolicyDocument"].(object)
		return document["Statement"].([]any)[1].(object)
	}
	tests := []struct {
		name   string
		change func(object)
		words  []string
	}{
		{"no policy", func(r object) { delete(r, sitePolicy) },
			[]string{"no policy of the bucket Site/Bucket allows s3:GetObject on Site/Bucket/index.html for cloudfront.amazonaws.com", "add to the bucket policy"}},
		{"no statement for CloudFront", func(r object) { statement(r)["Effect"] = "Deny" },
			[]string{"Statement[1] of the policy of site-bucket83908e77-awoom02vkacb denies s3:GetObject"}},
		{"another distribution", func(r object) {
			statement(r)["Condition"] = object{"StringEquals": object{"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EOTHER"}}
		}, []string{"EOTHER doesn't hold, it is Site/Distribution", "Resource the ARN of Site/Bucket/*, Principal.Service cloudfront.amazonaws.com, Condition.StringEquals AWS:SourceArn the ARN of Site/Distribution"}},
		{"no origin access control", func(r object) { delete(siteOrigin(r), "OriginAccessControlId") },
			[]string{"for an unsigned request", "give the origin an origin access control"}},
		{"a control that never signs", func(r object) {
			properties(r, siteControl)["OriginAccessControlConfig"].(object)["SigningBehavior"] = "never"
		}, []string{"for an unsigned request"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			edge, log := open(t, siteAssembly(t, test.change), Options{})
			resp, body := get(t, edge, "/index.html")
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "<Code>") || strings.Contains(body, "<title>") {
				t.Errorf("got %d %s", resp.StatusCode, body)
			}
			log.Want(t, append(test.words, "level=WARN", "cause=", "hint=")...)
		})
	}
}

func TestOpen_compares_numbers_of_a_bucket_policy(t *testing.T) {
	for version, status := range map[float64]int{1.2: http.StatusOK, 1.4: http.StatusForbidden} {
		edge, _ := open(t, siteAssembly(t, func(r object) {
			properties(r, sitePolicy)["PolicyDocument"] = object{"Version": "2012-10-17", "Statement": object{
				"Effect": "Allow", "Action": "s3:GetObject", "Principal": object{"Service": "cloudfront.amazonaws.com"}, "Resource": "*",
				"Condition": object{"NumericGreaterThanEquals": object{"s3:TlsVersion": version}}}}
		}), Options{})
		if resp, body := get(t, edge, "/index.html"); resp.StatusCode != status {
			t.Errorf("TLS %v: got %d %s, want %d", version, resp.StatusCode, body, status)
		}
	}
}

func TestOpen_serves_a_bucket_without_content(t *testing.T) {
	edge, log := open(t, siteAssembly(t, func(r object) { delete(r, siteDeployment) }), Options{})
	log.Want(t, "level=WARN", "the bucket Site/Bucket is served without content", "no BucketDeployment", "--s3 "+siteBucket+"=DIR")
	if resp, _ := get(t, edge, "/"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("got %d, want 403 as the distribution may not list", resp.StatusCode)
	}
}

func TestOpen_prefers_content_of_a_directory_to_that_of_deployments(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	edge, _ := open(t, siteAssembly(t, unchanged), Options{Buckets: map[string]string{siteBucket: dir}})
	if resp, body := get(t, edge, "/"); resp.StatusCode != http.StatusOK || body != "mine" {
		t.Errorf("got %d %q", resp.StatusCode, body)
	}
	if resp, _ := get(t, edge, "/config.json"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("what the deployment has is served too: %d", resp.StatusCode)
	}
	named, _ := open(t, siteAssembly(t, func(r object) { properties(r, siteBucket)["BucketName"] = "my-site" }), Options{Buckets: map[string]string{"my-site": dir}})
	if _, body := get(t, named, "/"); body != "mine" {
		t.Errorf("by its name: got %q", body)
	}
	log, _ := logtest.New()
	_, err := buildDir(siteAssembly(t, unchanged), Options{Buckets: map[string]string{"Other": dir}}, log)
	wantError(t, err, "--s3: Other doesn't name an origin's bucket", siteBucket)
	_, err = buildDir(siteAssembly(t, unchanged), Options{Buckets: map[string]string{siteBucket: filepath.Join(dir, "gone")}}, log)
	wantError(t, err, "gone: directory doesn't exist")
}

func TestOpen_rejects_a_bucket_that_it_does_not_support(t *testing.T) {
	tests := map[string]func(object){
		"Site/Bucket, Color: isn't a known property":             func(r object) { properties(r, siteBucket)["Color"] = "red" },
		"Statement[0].Condition.StringEquals":                    func(r object) { oddStatement(r) },
		"SystemMetadata.storage-class: GLACIER":                  func(r object) { properties(r, siteDeployment)["SystemMetadata"] = object{"storage-class": "GLACIER"} },
		"SystemMetadata.acl: public-read":                        func(r object) { properties(r, siteDeployment)["SystemMetadata"] = object{"acl": "public-read"} },
		"Extract: false isn't supported locally for a directory": func(r object) { properties(r, siteDeployment)["Extract"] = false },
		`no file asset with the S3 key "z9.zip"`:                 func(r object) { properties(r, siteDeployment)["SourceObjectKeys"] = []any{"z9.zip", "b2.zip"} },
		"SourceMarkers: has 2 entries for 1 sources":             func(r object) { properties(r, siteDeployment)["SourceObjectKeys"] = []any{"a1.zip"} },
		"set it to s3": func(r object) {
			properties(r, siteControl)["OriginAccessControlConfig"].(object)["OriginAccessControlOriginType"] = "lambda"
		},
		"DistributionConfig.Origins[0].S3OriginConfig.OriginAccessIdentity: can't be combined with OriginAccessControlId": func(r object) {
			siteOrigin(r)["S3OriginConfig"] = object{"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"}
		},
		"use origin-access-identity/cloudfront/ID": func(r object) { siteOrigin(r)["S3OriginConfig"] = object{"OriginAccessIdentity": "E1"} },
	}
	for want, change := range tests {
		log, _ := logtest.New()
		_, err := buildDir(siteAssembly(t, change), Options{}, log)
		wantError(t, err, want, "Site/")
	}
}

func oddStatement(r object) {
	properties(r, sitePolicy)["PolicyDocument"] = object{"Statement": []any{object{
		"Sid": "Odd", "Effect": "Allow", "Action": "s3:GetObject", "Principal": "*", "Resource": "*", "Condition": object{"StringEquals": object{"aws:RequestedRegion": "eu-west-1"}},
	}}}
}
