package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

func TestStatus_responds_as_asked(t *testing.T) {
	url := serve(t, pace{}) + "/status"
	for query, want := range map[string]struct {
		code                 int
		location, retryAfter string
	}{
		"": {200, "", ""}, "?code=303": {303, "inspect", ""}, "?code=404": {404, "", ""}, "?code=429": {429, "", "1"}, "?code=503": {503, "", "1"},
	} {
		got := send(t, "POST", url+query, "", nil)
		checkError(t, got, want.code, "as asked")
		if got.Header.Get("Location") != want.location || got.Header.Get("Retry-After") != want.retryAfter || got.Header.Get("ETag") != `"cloudfurl"` {
			t.Errorf("%q: headers are %v", query, got.Header)
		}
	}
	for _, query := range []string{"?code=204", "?code=304"} {
		if got := send(t, "GET", url+query, "", nil); got.body != "" || got.StatusCode == 200 {
			t.Errorf("%q: got %d %q, want no body", query, got.StatusCode, got.body)
		}
	}
}

func TestStatus_rejects_what_is_no_status_and_too_long_a_wait(t *testing.T) {
	url := serve(t, pace{}) + "/status"
	for _, query := range []string{"?code=199", "?code=600", "?code=x"} {
		checkError(t, send(t, "GET", url+query, "", nil), 400, "from 200 to 599")
	}
	checkError(t, send(t, "GET", url+"?wait=130001", "", nil), 400, "from 0 to 130000")
}

func TestStatus_waits_before_it_responds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		newHandler(pace{}).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/status?wait=65000", nil))
		if took := time.Since(begun); took != 65*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestStatus_fails_after_the_body_has_begun(t *testing.T) {
	server := httptest.NewUnstartedServer(newHandler(pace{}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	response, err := http.Get(server.URL + "/status?fail")
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != 200 || string(body) != `{"error":{"message":"as asked"}}`+"\n" || err == nil {
		t.Errorf("got %d %q (%v), want a body that breaks off", response.StatusCode, body, err)
	}
}
