package cloudfront

import (
	"net/http"
	"strings"
	"testing"
)

func responseOf(cf map[string]any) map[string]any { return cf["response"].(map[string]any) }

func at(event EventType, f edgeFunc) map[EventType]EdgeAssociation {
	return map[EventType]EdgeAssociation{event: {Function: f.invoke}}
}

func TestLambdaEdge_changes_the_origins_answer(t *testing.T) {
	config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
		return answer(404, "not here", "X-Amzn-Requestid", "hidden", "X-Old", "o", "Set-Cookie", "a=1", "Set-Cookie", "b=2"), nil
	}))
	config.Default.Edge = at(OriginResponse, func(cf map[string]any) (any, error) {
		r := responseOf(cf)
		if r["status"] != "404" || r["statusDescription"] != "Not Found" || headersOf(r)["x-amzn-requestid"] != nil || len(headersOf(r)["set-cookie"].([]any)) != 2 {
			t.Errorf("the function got %v", r)
		}
		if requestOf(cf)["uri"] != "/x" || requestOf(cf)["origin"] == nil {
			t.Errorf("the function got the request %v", requestOf(cf))
		}
		r["status"], r["body"] = "200", "found"
		delete(headersOf(r), "x-old")
		headersOf(r)["x-new"] = pairs("X-New", "n")
		return r, nil
	})
	d, _ := mustNew(t, config)
	resp := ask(t, d, "GET", "/x", "")
	if body := read(t, resp); resp.StatusCode != 200 || body != "found" || resp.Header.Get("X-New") != "n" || resp.Header.Get("X-Old") != "" || resp.Header.Get("X-Amzn-Requestid") != "hidden" {
		t.Errorf("%d %q %v", resp.StatusCode, body, resp.Header)
	}
}

func TestLambdaEdge_leaves_a_body_that_it_does_not_mention(t *testing.T) {
	for _, event := range []EventType{OriginResponse, ViewerResponse} {
		config := testConfig(&seen{})
		config.Default.Edge = at(event, func(cf map[string]any) (any, error) { return responseOf(cf), nil })
		d, _ := mustNew(t, config)
		resp := ask(t, d, "GET", "/", "")
		if body := read(t, resp); resp.StatusCode != 200 || body != "hello" || resp.Header.Get("Content-Type") != "text/plain" {
			t.Errorf("%s: %d %q", event, resp.StatusCode, body)
		}
	}
}

func TestLambdaEdge_responses_that_CloudFront_does_not_take(t *testing.T) {
	for name, c := range map[string]struct {
		event  EventType
		change func(r, h map[string]any)
	}{
		"adds via":                           {OriginResponse, func(_, h map[string]any) { h["via"] = pairs("Via", "x") }},
		"adds warning at viewer-response":    {ViewerResponse, func(_, h map[string]any) { h["warning"] = pairs("Warning", "x") }},
		"adds x-cache":                       {ViewerResponse, func(_, h map[string]any) { h["x-cache"] = pairs("X-Cache", "Hit") }},
		"changes status at viewer-response":  {ViewerResponse, func(r, _ map[string]any) { r["status"] = "201" }},
		"replaces body at viewer-response":   {ViewerResponse, func(r, _ map[string]any) { r["body"] = "x" }},
		"returns no status":                  {OriginResponse, func(r, _ map[string]any) { delete(r, "status") }},
		"replaces by a body that is too big": {OriginResponse, func(r, _ map[string]any) { r["body"] = strings.Repeat("a", 1<<20) }},
	} {
		config := testConfig(&seen{})
		config.Default.Edge = at(c.event, func(cf map[string]any) (any, error) {
			c.change(responseOf(cf), headersOf(responseOf(cf)))
			return responseOf(cf), nil
		})
		d, _ := mustNew(t, config)
		resp := ask(t, d, "GET", "/", "")
		if resp.StatusCode != 502 || resp.Header.Get("X-Cache") != "LambdaValidationError from cloudfront" {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Header.Get("X-Cache"))
		}
	}
}

func TestLambdaEdge_runs_at_an_event_only_when_AWS_runs_it(t *testing.T) {
	for _, c := range []struct {
		name           string
		status         int
		generateAt     EventType
		allowed        []string
		originResponse bool
		viewerResponse bool
	}{
		{"origin answers 200", 200, "", allMethods, true, true},
		{"origin answers 404", 404, "", allMethods, true, false},
		{"answer of viewer-request", 200, ViewerRequest, allMethods, false, false},
		{"answer of origin-request", 200, OriginRequest, allMethods, false, true},
		{"method refused", 200, "", []string{"GET", "HEAD"}, false, false},
	} {
		ran := map[EventType]bool{}
		config := testConfig(originFunc(func(*http.Request) (*http.Response, error) { return answer(c.status, ""), nil }))
		config.Default.AllowedMethods = c.allowed
		config.Default.Edge = map[EventType]EdgeAssociation{}
		for _, event := range []EventType{ViewerRequest, OriginRequest, OriginResponse, ViewerResponse} {
			config.Default.Edge[event] = EdgeAssociation{Function: edgeFunc(func(cf map[string]any) (any, error) {
				ran[event] = true
				if event == c.generateAt {
					return map[string]any{"status": "200"}, nil
				}
				if event == ViewerRequest || event == OriginRequest {
					return requestOf(cf), nil
				}
				return responseOf(cf), nil
			}).invoke}
		}
		d, _ := mustNew(t, config)
		ask(t, d, "POST", "/", "")
		if ran[OriginResponse] != c.originResponse || ran[ViewerResponse] != c.viewerResponse {
			t.Errorf("%s: ran %v", c.name, ran)
		}
	}
}

func TestLambdaEdge_chooses_another_origin(t *testing.T) {
	usual, other, foreign := &seen{}, &seen{}, &seen{}
	target := map[string]any{}
	config := testConfig(usual)
	config.Origins["other"] = Origin{ID: "other", DomainName: "other.example.com", Path: "/ignored", Transport: other}
	config.OtherOrigins = foreign
	config.Default.Edge = at(OriginRequest, func(cf map[string]any) (any, error) {
		r := requestOf(cf)
		for key, value := range target {
			custom(r)[key] = value
		}
		headersOf(r)["host"] = pairs("Host", custom(r)["domainName"].(string))
		return r, nil
	})
	d, _ := mustNew(t, config)
	for _, c := range []struct {
		name   string
		change map[string]any
		origin *seen
		url    string
		header string
	}{
		{"none", nil, usual, "https://" + testDomain + "/a", ""},
		{"path and headers", map[string]any{"path": "/p", "customHeaders": map[string]any{"x-c": pairs("X-C", "c")}}, usual, "https://" + testDomain + "/p/a", "c"},
		{"one of the distribution", map[string]any{"domainName": "other.example.com"}, other, "https://other.example.com/a", ""},
		{"made up", map[string]any{"domainName": "new.example.com", "protocol": "http", "port": 8080}, foreign, "http://new.example.com:8080/a", ""},
	} {
		target = c.change
		if got := ask(t, d, "GET", "/a", "").StatusCode; got != 200 {
			t.Errorf("%s: %d", c.name, got)
			continue
		}
		if got := c.origin.request; got.URL.String() != c.url || got.Host != strings.Split(got.URL.Host, ":")[0] || got.Header.Get("X-C") != c.header {
			t.Errorf("%s: %s, Host %s, X-C %q", c.name, got.URL, got.Host, got.Header.Get("X-C"))
		}
	}
}
