package main

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestMangum_serves_an_app_in_the_Python_runtime(t *testing.T) {
	localtest.NeedPython(t)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	edge.PostMegabyte(t, "/echo")
	edge.StreamAtOnce(t, "/?name=Ada", 6, `{"message":"Hello, Ada!"}`)
}
