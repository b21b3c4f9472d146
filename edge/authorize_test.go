package edge_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
)

const issuer = "https://issuer.example/tenant"

// bearer returns an Authorization header with a token of the claims, which nobody
// has signed.
func bearer(claims map[string]any) string {
	all := map[string]any{"iss": issuer, "aud": "https://www.example.com/mcp", "exp": time.Now().Add(time.Hour).Unix(), "scope": "read write"}
	for name, value := range claims {
		all[name] = value
	}
	payload, _ := json.Marshal(all)
	return "Bearer e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

func authorizing(scopes ...string) edge.ViewerRequest {
	return edge.ViewerRequest{Authorization: &edge.Authorization{Issuer: issuer, Path: "/mcp", Scopes: scopes}}
}

func TestViewerRequest_rejects_tokens_that_cannot_be_valid(t *testing.T) {
	cognito := authorizing()
	cognito.Authorization.Audiences = []string{"client", "other"}
	named := authorizing()
	named.Authorization.Origin = "https://api.example.com"
	root := authorizing()
	root.Authorization.Path = ""
	for name, test := range map[string]struct {
		viewer edge.ViewerRequest
		token  string
		status int // 0 if the request continues
		error  string
	}{
		"no token":                          {authorizing(), "", 401, ""},
		"another scheme":                    {authorizing(), "Basic YTpi", 401, ""},
		"an empty token":                    {authorizing(), "Bearer ", 401, ""},
		"a token":                           {authorizing(), bearer(nil), 0, ""},
		"a scheme in lower case":            {authorizing(), "b" + bearer(nil)[1:], 0, ""},
		"an opaque token":                   {authorizing(), "Bearer opaque", 0, ""},
		"a token that isn't JSON":           {authorizing(), "Bearer a.bm8.c", 0, ""},
		"null":                              {authorizing(), "Bearer a.bnVsbA.c", 0, ""},
		"no text in base64":                 {authorizing(), "Bearer a.!.c", 0, ""},
		"an audience that is no text":       {authorizing(), bearer(map[string]any{"aud": map[string]any{"toString": 1}}), 0, ""},
		"an expiry that is no number":       {authorizing(), bearer(map[string]any{"exp": map[string]any{"valueOf": 1, "toString": 1}}), 0, ""},
		"scopes that are no text":           {authorizing("read"), bearer(map[string]any{"scope": map[string]any{"toString": 1}}), 0, ""},
		"a number":                          {authorizing(), "Bearer a.NQ.c", 401, "invalid_token"},
		"an expired token":                  {authorizing(), bearer(map[string]any{"exp": time.Now().Add(-2 * time.Minute).Unix()}), 401, "invalid_token"},
		"one that expires by another clock": {authorizing(), bearer(map[string]any{"exp": time.Now().Add(-5 * time.Second).Unix()}), 0, ""},
		"another issuer":                    {authorizing(), bearer(map[string]any{"iss": issuer + "/"}), 401, "invalid_token"},
		"another resource":                  {authorizing(), bearer(map[string]any{"aud": "https://www.example.com/other"}), 401, "invalid_token"},
		"one of several resources":          {authorizing(), bearer(map[string]any{"aud": []string{"a", "https://www.example.com/mcp"}}), 0, ""},
		"a resource with a slash":           {authorizing(), bearer(map[string]any{"aud": "https://www.example.com/mcp/"}), 0, ""},
		"the viewer's host":                 {root, bearer(map[string]any{"aud": "https://www.example.com"}), 0, ""},
		"the host of another name":          {named, bearer(nil), 401, "invalid_token"},
		"the known host":                    {named, bearer(map[string]any{"aud": "https://api.example.com/mcp"}), 0, ""},
		"a client in place of an audience":  {cognito, bearer(map[string]any{"aud": nil, "client_id": "client"}), 0, ""},
		"another client":                    {cognito, bearer(map[string]any{"aud": nil, "client_id": "stranger"}), 401, "invalid_token"},
		"an audience besides a client":      {cognito, bearer(map[string]any{"aud": "stranger", "client_id": "client"}), 401, "invalid_token"},
		"all scopes":                        {authorizing("write", "read"), bearer(nil), 0, ""},
		"a missing scope":                   {authorizing("read", "admin"), bearer(nil), 403, "insufficient_scope"},
		"no scopes":                         {authorizing("read"), bearer(map[string]any{"scope": nil}), 403, "insufficient_scope"},
		"a part of a scope":                 {authorizing("rea"), bearer(nil), 403, "insufficient_scope"},
		"the scopes of Okta":                {authorizing("read"), bearer(map[string]any{"scope": nil, "scp": []string{"read"}}), 0, ""},
		"the scopes of Entra":               {authorizing("api://app/read"), bearer(map[string]any{"scope": nil, "scp": "read other"}), 0, ""},
		"a short scope of others":           {authorizing("api://app/read"), bearer(nil), 403, "insufficient_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{"X-Original-Authorization", bearer(nil) + "forged"}
			if test.token != "" {
				header = append(header, "Authorization", test.token)
			}
			result := respond(t, test.viewer, "POST", header...)
			if test.status == 0 {
				if result.Request == nil || result.Request.Header.Get("X-Original-Authorization") != test.token {
					t.Fatalf("got %+v, want the request with its token", result)
				}
				return
			}
			if result.Response == nil || result.Response.StatusCode != test.status {
				t.Fatalf("got %+v, want status %d", result, test.status)
			}
			challenge := result.Response.Header.Get("Www-Authenticate")
			if (test.error != "") != strings.Contains(challenge, `error="`+test.error+`"`) {
				t.Errorf("got challenge %s, want error %q", challenge, test.error)
			}
		})
	}
}

func TestViewerRequest_challenges_with_the_metadata_of_the_resource(t *testing.T) {
	v := authorizing("read", "write")
	for name, want := range map[string]string{
		"www.example.com":      `Bearer resource_metadata="https://www.example.com/.well-known/oauth-protected-resource/mcp", scope="read write"`,
		"d111.cloudfront.net":  `Bearer resource_metadata="https://d111.cloudfront.net/.well-known/oauth-protected-resource/mcp", scope="read write"`,
		"forged:8443":          `Bearer resource_metadata="https://forged:8443/.well-known/oauth-protected-resource/mcp", scope="read write"`,
		"of a known, forged":   `Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp", scope="read write"`,
		"of a known, too much": `Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp", scope="read write"`,
	} {
		if strings.HasPrefix(name, "of a known") {
			v.Authorization.Origin = "https://api.example.com"
		} else {
			v.Authorization.Origin = ""
		}
		response := respond(t, v, "GET", "Host", name).Response
		if response == nil || response.Header.Get("Www-Authenticate") != want || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %+v, want %s", name, response, want)
		}
	}
	expired := respond(t, v, "GET", "Authorization", bearer(map[string]any{"exp": 1})).Response
	if got, want := expired.Header.Get("Www-Authenticate"), `, error="invalid_token", error_description="The access token has expired."`; !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want %s at its end", got, want)
	}
}

func TestViewerRequest_serves_the_metadata(t *testing.T) {
	const path = "/.well-known/oauth-protected-resource"
	for _, test := range []struct{ uri, method string }{{path, "GET"}, {path + "/mcp", "GET"}, {path + "/other/path", "GET"}, {path, "OPTIONS"}, {path, "HEAD"}} {
		result := at(t, authorizing("read"), test.method, test.uri)
		const want = `{"resource":"https://www.example.com/mcp","authorization_servers":["` + issuer + `"],"scopes_supported":["read"],"bearer_methods_supported":["header"]}`
		if result.Response == nil || result.Response.StatusCode != 200 || string(result.Response.Body) != want {
			t.Fatalf("%v: got %+v, want %s", test, result, want)
		}
		if h := result.Response.Header; h.Get("Content-Type") != "application/json" || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Headers") != "*" {
			t.Errorf("%v: got headers %v, want JSON that pages of all origins can read", test, h)
		}
	}
	for _, uri := range []string{path + "s", "/x" + path, strings.ToUpper(path)} {
		if result := at(t, authorizing(), "GET", uri); result.Response == nil || result.Response.StatusCode != 401 {
			t.Errorf("%s: got %+v, want 401", uri, result)
		}
	}
}

func TestViewerRequest_lets_preflight_requests_pass(t *testing.T) {
	if result := respond(t, authorizing(), "OPTIONS", "Access-Control-Request-Method", "POST"); result.Request == nil {
		t.Errorf("got %+v, want the request", result.Response)
	}
	for _, method := range []string{"OPTIONS", "POST"} {
		header := []string{"Access-Control-Request-Method", "POST"}
		if method == "OPTIONS" {
			header = nil
		}
		if result := respond(t, authorizing(), method, header...); result.Request != nil {
			t.Errorf("%s %v: got the request, want 401: it isn't a preflight request", method, header)
		}
	}
}

// A token may be kept in a cookie, which code turns into a header.
func TestViewerRequest_authorizes_after_the_code(t *testing.T) {
	v := authorizing()
	v.Code = fmt.Sprintf("function viewerRequest(event) {\n  event.request.headers.authorization = { value: '%s' };\n  return event.request;\n}\n", bearer(nil))
	if result := respond(t, v, "GET"); result.Request == nil {
		t.Errorf("got %+v, want the request with the token of the code", result.Response)
	}
}

// at runs a composed function on a path.
func at(t *testing.T, v edge.ViewerRequest, method, uri string) cffunction.Result {
	t.Helper()
	v.Code = fmt.Sprintf("function viewerRequest(event) {\n  event.request.uri = '%s';\n  return event.request;\n}\n", uri)
	return respond(t, v, method, http.CanonicalHeaderKey("accept"), "*/*")
}
