package main

import (
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestSite_serves_pages_and_a_streaming_API(t *testing.T) {
	assembly := localtest.Synthesize(t)
	edge := localtest.Serve(t, localtest.Build(t), assembly)

	if got := localtest.Get(t, edge.URL+"/"); !strings.Contains(got, "<title>Site</title>") {
		t.Errorf("got %q, want pages/index.html", got)
	}
	if got := localtest.Stream(t, edge.URL+"/api/count", 300*time.Millisecond); got != "0\n1\n2\n" {
		t.Errorf("got %q, want three lines", got)
	}
	if got := localtest.Post(t, edge.URL+"/api/words", "hello world"); got != "hello\nworld\n" {
		t.Errorf("got %q, want a word a line", got)
	}
}
