package cloudfront

import (
	"net/http"
	"testing"
)

func TestCustomErrorResponses_replace_errors(t *testing.T) {
	pageStatus := 200
	pages := originFunc(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet || r.ContentLength != 0 || r.Header.Get("Range") != "" {
			t.Errorf("the page was asked for with %s %v", r.Method, r.Header)
		}
		return answer(pageStatus, "page "+r.URL.Path, "Content-Type", "text/html", "X-Page", "1"), nil
	})
	app := originFunc(func(r *http.Request) (*http.Response, error) {
		switch r.URL.Path {
		case "/missing":
			return answer(404, "app 404"), nil
		case "/teapot":
			return answer(418, "app 418"), nil
		case "/broken":
			return answer(500, "app 500"), nil
		}
		return answer(200, "app"), nil
	})
	config := testConfig(app)
	config.Origins["pages"] = Origin{ID: "pages", DomainName: "pages.example.com", Transport: pages}
	page := config.Default
	page.PathPattern, page.TargetOriginID = "/errors/*", "pages"
	config.Behaviors = []Behavior{page}
	config.Default.AllowedMethods = []string{"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH"}
	config.CustomErrorResponses = []CustomErrorResponse{
		{ErrorCode: 404, ResponseCode: 200, ResponsePagePath: "/errors/404.html"},
		{ErrorCode: 403, ResponseCode: 403, ResponsePagePath: "/errors/403.html"},
		{ErrorCode: 500},
	}
	d, _ := mustNew(t, config)
	for _, c := range []struct {
		method, path string
		pageStatus   int
		status       int
		body, xCache string
	}{
		{"GET", "/", 200, 200, "app", "Miss from cloudfront"},
		{"POST", "/missing", 200, 200, "page /errors/404.html", "Error from cloudfront"},
		{"DELETE", "/", 200, 403, "page /errors/403.html", "Error from cloudfront"},
		{"GET", "/broken", 200, 500, "app 500", "Error from cloudfront"},
		{"GET", "/teapot", 200, 418, "app 418", "Error from cloudfront"},
		{"GET", "/missing", 503, 503, "page /errors/404.html", "Error from cloudfront"},
	} {
		pageStatus = c.pageStatus
		resp := ask(t, d, c.method, c.path, "", "Range", "bytes=0-1")
		if body := read(t, resp); resp.StatusCode != c.status || body != c.body || resp.Header.Get("X-Cache") != c.xCache {
			t.Errorf("%+v: %d %q %s", c, resp.StatusCode, body, resp.Header.Get("X-Cache"))
		}
	}
}
