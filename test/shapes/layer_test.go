package shapes

import (
	"net/http"
	"testing"
)

func TestLayers_have_modules_and_wrapper_scripts(t *testing.T) {
	e := serve(t, shape("Layer"))
	got := e.get(t, "/", "Host", e.distribution(t, "Layer/Site").Hosts[0])
	if got.status != http.StatusOK || got.body != "a word of a layer, started by a script" {
		t.Errorf("got %d %s, want what the layer has", got.status, got.body)
	}
}
