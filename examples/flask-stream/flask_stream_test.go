package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestFlaskStream_streams_lines_of_JSON(t *testing.T) {
	localtest.NeedPython(t)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	want := lines(8)
	if got := localtest.Stream(t, edge.URL+"/?lines=8", time.Second); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	edge.StreamAtOnce(t, "/?lines=8", 6, want)
	edge.PostMegabyte(t, "/echo")
}

func lines(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "{\"line\": %d, \"of\": %d}\n", i, count)
	}
	return text.String()
}
