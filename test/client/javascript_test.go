package client

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestJavaScript_reaches_the_edge(t *testing.T) {
	if err := localtest.Run("", nil, "node", "calls.mjs", serve(t).URL); err != nil {
		t.Error(err)
	}
}
