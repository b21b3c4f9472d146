package cloudfront

import (
	"net/http"
	"strings"
	"testing"
)

func TestLambdaEdge_results_that_CloudFront_does_not_take(t *testing.T) {
	change := func(f func(r, headers map[string]any)) edgeFunc {
		return func(cf map[string]any) (any, error) {
			f(requestOf(cf), headersOf(requestOf(cf)))
			return requestOf(cf), nil
		}
	}
	answerWith := func(m map[string]any) edgeFunc { return func(map[string]any) (any, error) { return m, nil } }
	header := func(lower, key string) edgeFunc {
		return change(func(_, h map[string]any) { h[lower] = pairs(key, "x") })
	}
	for name, c := range map[string]struct {
		f     edgeFunc
		event EventType
	}{
		"null":                    {func(map[string]any) (any, error) { return nil, nil }, OriginRequest},
		"a string":                {func(map[string]any) (any, error) { return "ok", nil }, OriginRequest},
		"a list":                  {func(map[string]any) (any, error) { return []int{1}, nil }, OriginRequest},
		"an empty object":         {answerWith(map[string]any{}), OriginRequest},
		"adds connection":         {header("connection", "Connection"), OriginRequest},
		"adds x-amz-cf-anything":  {header("x-amz-cf-anything", "X-Amz-Cf-Anything"), OriginRequest},
		"adds x-edge-anything":    {header("x-edge-anything", "X-Edge-Anything"), OriginRequest},
		"adds x-forwarded-proto":  {header("x-forwarded-proto", "X-Forwarded-Proto"), ViewerRequest},
		"adds x-amzn-requestid":   {header("x-amzn-requestid", "X-Amzn-RequestId"), OriginRequest},
		"changes via":             {header("via", "Via"), OriginRequest},
		"changes content-length":  {header("content-length", "Content-Length"), OriginRequest},
		"changes accept-encoding": {header("accept-encoding", "Accept-Encoding"), OriginRequest},
		"deletes accept-encoding": {change(func(_, h map[string]any) { delete(h, "accept-encoding") }), OriginRequest},
		"changes host":            {header("host", "Host"), ViewerRequest},
		"adds viewer-country":     {header("cloudfront-viewer-country", "CloudFront-Viewer-Country"), ViewerRequest},
		"key of another header":   {header("x-a", "X-B"), OriginRequest},
		"upper-case name":         {header("X-A", "X-A"), OriginRequest},
		"no header name":          {header("x a", "x a"), OriginRequest},
		"headers of strings":      {change(func(r, _ map[string]any) { r["headers"] = map[string]any{"a": "b"} }), OriginRequest},
		"newline in a value":      {change(func(_, h map[string]any) { h["x-a"] = pairs("X-A", "a\r\nb") }), OriginRequest},
		"no uri":                  {change(func(r, _ map[string]any) { delete(r, "uri") }), OriginRequest},
		"relative uri":            {change(func(r, _ map[string]any) { r["uri"] = "a" }), OriginRequest},
		"space in uri":            {change(func(r, _ map[string]any) { r["uri"] = "/a b" }), OriginRequest},
		"query in uri":            {change(func(r, _ map[string]any) { r["uri"] = "/a?b" }), OriginRequest},
		"fragment in query":       {change(func(r, _ map[string]any) { r["querystring"] = "a#b" }), OriginRequest},
		"long uri":                {change(func(r, _ map[string]any) { r["uri"] = "/" + strings.Repeat("a", 8191) }), OriginRequest},
		"another method":          {change(func(r, _ map[string]any) { r["method"] = "PUT" }), OriginRequest},
		"unknown body action":     {change(func(r, _ map[string]any) { r["body"] = map[string]any{"action": "drop"} }), OriginRequest},
		"unknown body encoding": {change(func(r, _ map[string]any) {
			r["body"] = map[string]any{"action": "replace", "encoding": "hex", "data": ""}
		}), OriginRequest},
		"body that is no base64": {change(func(r, _ map[string]any) {
			r["body"] = map[string]any{"action": "replace", "encoding": "base64", "data": "%"}
		}), OriginRequest},
		"unreachable origin":          {change(func(r, _ map[string]any) { custom(r)["domainName"] = "other.example.com" }), OriginRequest},
		"origin with a port of 22":    {change(func(r, _ map[string]any) { custom(r)["port"] = 22 }), OriginRequest},
		"origin path without a slash": {change(func(r, _ map[string]any) { custom(r)["path"] = "a" }), OriginRequest},
		"origin without kind":         {change(func(r, _ map[string]any) { r["origin"] = map[string]any{} }), OriginRequest},
		"status 100":                  {answerWith(map[string]any{"status": "100"}), OriginRequest},
		"status of words":             {answerWith(map[string]any{"status": "OK"}), OriginRequest},
		"answer over 1 MB":            {answerWith(map[string]any{"status": "200", "body": strings.Repeat("a", 1<<20)}), OriginRequest},
		"answer over 40 KB":           {answerWith(map[string]any{"status": "200", "body": strings.Repeat("a", 40<<10)}), ViewerRequest},
		"answer with content-length":  {answerWith(map[string]any{"status": "200", "headers": map[string]any{"content-length": pairs("Content-Length", "1")}}), OriginRequest},
		"204 with a body":             {answerWith(map[string]any{"status": "204", "body": "x"}), ViewerRequest},
		"answer of no base64":         {answerWith(map[string]any{"status": "200", "body": "%", "bodyEncoding": "base64"}), OriginRequest},
		"answer with an object":       {answerWith(map[string]any{"status": "200", "body": map[string]any{}}), OriginRequest},
	} {
		t.Run(name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.Default.Edge = map[EventType]EdgeAssociation{c.event: {Function: c.f.invoke}}
			d, log := mustNew(t, config)
			resp := ask(t, d, "POST", "/", "x", "Accept-Encoding", "gzip")
			if resp.StatusCode != http.StatusBadGateway || resp.Header.Get("X-Cache") != "LambdaValidationError from cloudfront" {
				t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("X-Cache"))
			}
			if origin.count != 0 || !strings.Contains(log.String(), "cause=") {
				t.Errorf("asked %d times, log: %s", origin.count, log)
			}
		})
	}
}

func custom(r map[string]any) map[string]any {
	return r["origin"].(map[string]any)["custom"].(map[string]any)
}
