package sse_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// A stream of numbers that resumes after the last one the viewer got, and says
// goodbye before Lambda's deadline.
func ExampleNewWriter() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		last, _ := strconv.Atoi(sse.LastEventID(r))
		events := sse.NewWriter(w, r, nil)
		defer events.Close()
		for n := last + 1; n <= 5; n++ {
			select {
			case <-events.Context().Done():
				if events.Context().Err() == context.DeadlineExceeded {
					events.Send(sse.Event{Name: "pause", Data: "connect again"})
				}
				return
			case <-time.After(time.Millisecond):
			}
			if err := events.Send(sse.Event{ID: strconv.Itoa(n), Data: "number " + strconv.Itoa(n)}); err != nil {
				return
			}
		}
	}
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("Last-Event-ID", "3")
	response := httptest.NewRecorder()
	handler(response, request)
	fmt.Print(response.Body)
	// Output:
	// id: 4
	// data: number 4
	//
	// id: 5
	// data: number 5
}

func ExampleWriter_SendJSON() {
	response := httptest.NewRecorder()
	events := sse.NewWriter(response, httptest.NewRequest("GET", "/", nil), nil)
	defer events.Close()
	events.SendJSON(sse.Event{Name: "token"}, map[string]string{"text": "Hello"})
	fmt.Print(response.Body)
	// Output:
	// event: token
	// data: {"text":"Hello"}
}
