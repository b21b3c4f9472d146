package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// eventText is what /events sends for a number.
func eventText(n, of int) string {
	return fmt.Sprintf("id: %d\nevent: number\ndata: {\"number\":%d,\"of\":%d}\n\n", n, n, of)
}

func TestEvents_are_numbered_and_resume_after_the_last_one(t *testing.T) {
	url := serve(t, pace{})
	for last, want := range map[string]string{
		"":  eventText(1, 3) + eventText(2, 3) + eventText(3, 3),
		"1": eventText(2, 3) + eventText(3, 3),
		"2": eventText(3, 3),
	} {
		header := map[string]string{}
		if last != "" {
			header["Last-Event-ID"] = last
		}
		got := send(t, "GET", url+"/events?count=3&interval=0", "", header)
		if got.StatusCode != 200 || got.body != want || got.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("after %q: got %d %q as %s, want %q", last, got.StatusCode, got.body, got.Header.Get("Content-Type"), want)
		}
	}
}

func TestEvents_tell_a_viewer_that_has_all_to_stay_away(t *testing.T) {
	for _, last := range []string{"3", "4", "10000"} {
		got := send(t, "GET", serve(t, pace{})+"/events?count=3", "", map[string]string{"Last-Event-ID": last})
		if got.StatusCode != 204 || got.body != "" {
			t.Errorf("after %s: got %d %q, want 204", last, got.StatusCode, got.body)
		}
	}
}

func TestEvents_reject_what_they_cannot_serve(t *testing.T) {
	url := serve(t, pace{})
	for query, want := range map[string]string{
		"count=0":        `count is "0": use a whole number from 1 to 10000`,
		"count=10001":    `count is "10001"`,
		"count=ten":      `count is "ten"`,
		"interval=-1":    `interval is "-1": use a whole number from 0 to 60000`,
		"interval=60001": `interval is "60001"`,
		"interval=1.5":   `interval is "1.5"`,
	} {
		checkError(t, send(t, "GET", url+"/events?"+query, "", nil), 400, want)
	}
	for _, id := range []string{"0", "-1", "01", "+1", "1,1", "one", "10001", "99999999999999999999"} {
		checkError(t, send(t, "GET", url+"/events", "", map[string]string{"Last-Event-ID": id}), 400, "Last-Event-ID is ")
	}
	checkError(t, send(t, "POST", url+"/events", "", nil), 405, "POST isn't allowed")
}

func TestEvents_pause_before_the_deadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		recorder := httptest.NewRecorder()
		began := time.Now()
		newHandler(pace{}).ServeHTTP(recorder, httptest.NewRequest("GET", "/events?count=100&interval=10000", nil).WithContext(ctx))
		if got := time.Since(began); got != 58*time.Second {
			t.Errorf("the stream ended after %v, want 58 s", got)
		}
		if got := recorder.Body.String(); strings.Count(got, "event: number") != 6 || !strings.HasSuffix(got, "event: pause\ndata: the function's time is up: connect again\n\n") {
			t.Errorf("got %q, want 6 events and a pause", got)
		}
	})
}

func TestEvents_keep_their_interval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		newHandler(pace{}).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/events?count=5&interval=300", nil))
		if got := time.Since(began); got != 1200*time.Millisecond {
			t.Errorf("5 events took %v, want four intervals of 300 ms", got)
		}
	})
}

func FuzzParseEventID(f *testing.F) {
	for _, id := range []string{"", "1", "10000", "10001", "0", "-1", "+1", "01", "1e3", "１", "1\x00", "9223372036854775808"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		n, err := parseEventID(id)
		switch {
		case err != nil && n != 0:
			t.Errorf("%q: got %d and %v", id, n, err)
		case err == nil && id != "" && (fmt.Sprint(n) != id || n < 1 || n > maxEvents):
			t.Errorf("%q: got %d, want an error or the number itself", id, n)
		}
	})
}
