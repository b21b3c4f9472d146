package build

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestReplacement_that_does_not_respond_is_a_502_and_logged(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	base, err := url.Parse(gone.URL)
	if err != nil {
		t.Fatal(err)
	}
	logger, log := logtest.New()
	recorder := httptest.NewRecorder()
	(&replacement{base, logger}).ServeHTTP(recorder, httptest.NewRequest("GET", "/path", nil))
	if recorder.Code != 502 {
		t.Errorf("got %d, want 502", recorder.Code)
	}
	log.Want(t, "level=ERROR", gone.URL+" doesn't respond", "cause=", "refused", "hint=")
}
