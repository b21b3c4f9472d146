package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestDatasette_serves_a_database(t *testing.T) {
	localtest.NeedPython(t)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	if got := localtest.Get(t, edge.URL+"/rivers/rivers"); !strings.Contains(got, "Danube") {
		t.Errorf("got %q, want a page with the Danube", got)
	}
	page := localtest.Get(t, edge.URL+"/rivers/rivers.json?_size=2&_shape=objects")
	var got struct {
		Rows []struct{ Name string }
		Next string `json:"next_url"`
	}
	if err := json.Unmarshal([]byte(page), &got); err != nil {
		t.Fatalf("got %q: %v", page, err)
	}
	if len(got.Rows) != 2 || got.Rows[1].Name != "Amazon" {
		t.Errorf("got rows %v, want two", got.Rows)
	}
	// Datasette makes its links from the host and the scheme of the request.
	if want := edge.URL + "/rivers/rivers.json?"; !strings.HasPrefix(got.Next, want) {
		t.Errorf("got the next page at %q, want %q", got.Next, want)
	}
	const query = "/rivers.json?sql=select+count(*)+as+rivers+from+rivers&_shape=array"
	edge.StreamAtOnce(t, query, 6, `[{"rivers": 13}]`)
}
