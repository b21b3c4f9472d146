package main

import (
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestCanary_serves_the_alias(t *testing.T) {
	assembly := localtest.Synthesize(t)
	edge := localtest.Serve(t, localtest.Build(t), assembly)

	const want = "0: version 1\n1: version 1\n2: version 1\n"
	if got := localtest.Stream(t, edge.URL+"/", 300*time.Millisecond); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := localtest.Post(t, edge.URL+"/", "name=Ada"); got != want {
		t.Errorf("got %q for a POST, want %q", got, want)
	}
}
