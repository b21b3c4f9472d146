package ndjson_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/cloudfurl/cloudfurl/functions/ndjson"
)

func ExampleNewWriter() {
	type progress struct {
		Step int  `json:"step"`
		Done bool `json:"done,omitempty"`
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		lines := ndjson.NewWriter(w, r, nil)
		defer lines.Close()
		for step := range 3 {
			if err := lines.Send(progress{Step: step}); err != nil {
				return
			}
		}
		// A viewer of a function URL can't tell otherwise that nothing is missing.
		lines.Send(progress{Step: 3, Done: true})
	}
	response := httptest.NewRecorder()
	handler(response, httptest.NewRequest("GET", "/", nil))
	fmt.Print(response.Body)
	// Output:
	// {"step":0}
	// {"step":1}
	// {"step":2}
	// {"step":3,"done":true}
}
