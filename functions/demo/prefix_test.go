package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDemo_serves_the_same_below_api(t *testing.T) {
	url := serve(t, pace{})
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/", ""}, {"POST", "/", ""}, {"POST", "/echo", "x"}, {"GET", "/events?count=2&interval=0", ""}, {"POST", "/upload", "x"},
		{"GET", "/download?size=100", ""}, {"GET", "/pages/", ""}, {"POST", "/pages/", ""}, {"GET", "/pages/style.css", ""},
	} {
		plain, prefixed := send(t, c.method, url+c.path, c.body, nil), send(t, c.method, url+"/api"+c.path, c.body, nil)
		if plain.StatusCode != 200 || prefixed.StatusCode != 200 || plain.body != prefixed.body {
			t.Errorf("%s %s: got %d %q, and below /api %d %q", c.method, c.path, plain.StatusCode, plain.body, prefixed.StatusCode, prefixed.body)
		}
	}
	if got := send(t, "GET", url+"/api", "", nil); got.body != wholeStream {
		t.Errorf("/api: got %d %q, want the stream", got.StatusCode, got.body)
	}
	for _, path := range []string{"/apis", "/api//", "/api/api/echo", "/API/", "/pages"} {
		checkError(t, send(t, "GET", url+path, "", nil), 404, "nothing at "+path)
	}
}

func TestInspect_shows_paths_below_api_as_they_were_sent(t *testing.T) {
	for _, path := range []string{"/api/inspect", "/api/inspect/a%2Fb"} {
		recorder := httptest.NewRecorder()
		newHandler(pace{}).ServeHTTP(recorder, httptest.NewRequest("GET", path+"?q", strings.NewReader("")))
		var seen inspection
		if err := json.Unmarshal(recorder.Body.Bytes(), &seen); err != nil || seen.RawPath != path {
			t.Errorf("%s: got the path %q (%v)", path, seen.RawPath, err)
		}
	}
}
