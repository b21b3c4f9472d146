package main

import (
	"maps"
	"net/http/httptest"
	"testing"
)

func TestDemo_refuses_what_pages_of_other_sites_ask_for(t *testing.T) {
	h := newHandler(pace{})
	image := map[string]string{"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
	link := map[string]string{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1"}
	for name, c := range map[string]struct {
		method, path, site string
		header             map[string]string
		status             int
	}{
		"an image":               {"GET", "/download?size=100", "cross-site", image, 403},
		"an image below /api":    {"GET", "/api/events?count=1", "cross-site", image, 403},
		"a sibling's image":      {"GET", "/download?size=100", "same-site", image, 403},
		"an upload":              {"POST", "/upload", "cross-site", map[string]string{"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}, 403},
		"a form":                 {"POST", "/pages/", "cross-site", link, 403},
		"a frame":                {"GET", "/pages/", "cross-site", map[string]string{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		"a prefetched link":      {"GET", "/pages/", "cross-site", map[string]string{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"}, 403},
		"a link":                 {"GET", "/pages/", "cross-site", link, 200},
		"its own image":          {"GET", "/download?size=100", "same-origin", image, 200},
		"its own form":           {"POST", "/pages/", "same-origin", link, 200},
		"an address typed":       {"GET", "/download?size=100", "none", link, 200},
		"a program, not a page":  {"GET", "/download?size=100", "", nil, 200},
		"an upload of a program": {"POST", "/upload", "", nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(c.method, c.path, nil)
			header := map[string]string{"Sec-Fetch-Site": c.site}
			maps.Copy(header, c.header)
			for name, value := range header {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			recorder := httptest.NewRecorder()
			h.ServeHTTP(recorder, request)
			if recorder.Code != c.status {
				t.Errorf("got %d %s, want %d", recorder.Code, recorder.Body, c.status)
			}
		})
	}
}
