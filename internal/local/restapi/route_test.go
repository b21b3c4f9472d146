package restapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

func TestAPI_finds_the_resource_and_method(t *testing.T) {
	a := newAPI(t, echo, nil, "ANY /{proxy+}", "GET /jobs/{job}", "OPTIONS /jobs", "GET /jobs/new", "GET /{any}/new", "POST /", "ANY /files/{path+}")
	for request, want := range map[string]string{
		"GET /jobs/7":            "/jobs/{job} job=7",
		"GET /jobs/new":          "/jobs/new",
		"GET /works/new":         "/{any}/new any=works",
		"POST /jobs/7":           "/{proxy+} proxy=jobs/7", // the pair counts
		"GET /jobs":              "/{proxy+} proxy=jobs",
		"OPTIONS /jobs":          "/jobs",
		"GET /jobs/7/8":          "/{proxy+} proxy=jobs/7/8",
		"GET /jobs/":             "/{proxy+} proxy=jobs",
		"DELETE /files/a%2Fb/c":  "/files/{path+} path=a%2Fb/c",
		"GET /files":             "/{proxy+} proxy=files",
		"GET /a//b":              "/{proxy+} proxy=a//b",
		"POST ":                  "/",
		"POST /":                 "/",
		"GET /":                  "403 Missing Authentication Token", // {proxy+} isn't the root
		"GET /works/%6Eew?a=/x/": "/{proxy+} proxy=works/%6Eew",
	} {
		var method, path string
		fmt.Sscanf(request, "%s %s", &method, &path)
		resp := a.send(t, method, "/prod"+path, "")
		got := fmt.Sprint(resp.status, " ", resp.message())
		if resp.status == http.StatusOK {
			var event struct {
				Resource       string
				PathParameters map[string]string
			}
			if err := json.Unmarshal([]byte(resp.body), &event); err != nil {
				t.Fatal(err)
			}
			got = event.Resource
			for name, value := range event.PathParameters {
				got += " " + name + "=" + value
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", request, got, want)
		}
	}
}

func TestAPI_rejects_what_nothing_matches(t *testing.T) {
	a := newAPI(t, echo, nil, "GET /jobs")
	for _, test := range []struct{ method, target, authorization, errorType, message string }{
		{"POST", "/prod/jobs", "", "MissingAuthenticationTokenException", "Missing Authentication Token"},
		{"GET", "/prod/other", "", "MissingAuthenticationTokenException", "Missing Authentication Token"},
		{"GET", "/prod/other", "Bearer abc", "IncompleteSignatureException", "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'."},
		{"GET", "/jobs", "", "ForbiddenException", "Forbidden"},
		{"GET", "/", "", "ForbiddenException", "Forbidden"},
	} {
		req := newRequest(test.method, test.target, "")
		if test.authorization != "" {
			req.Header.Set("Authorization", test.authorization)
		}
		resp := a.do(t, req)
		if resp.status != http.StatusForbidden || resp.message() != test.message || resp.header.Get("X-Amzn-Errortype") != test.errorType {
			t.Errorf("%s %s: got %d %v %s", test.method, test.target, resp.status, resp.header, resp.body)
		}
		if resp.header.Get("X-Amzn-Requestid") == "" || resp.header.Get("X-Amz-Apigw-Id") == "" || resp.header.Get("Content-Type") != "application/json" {
			t.Errorf("got headers %v", resp.header)
		}
	}
	a.log.Want(t, "put the name of a stage before the path: prod")
	a.log.Want(t, "no resource and method of the stage prod match POST /jobs")
}
