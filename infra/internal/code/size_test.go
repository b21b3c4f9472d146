package code_test

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestCheckSize_has_Lambdas_limit(t *testing.T) {
	const megabyte = 1 << 20
	layers := []code.Layer{{Path: "Chat/Other"}, {Path: "Chat/Model", Bytes: 200 * megabyte}, {Path: "Chat/Tools", Bytes: 49 * megabyte}}
	wantError(t, code.CheckSize(megabyte, layers))
	wantError(t, code.CheckSize(megabyte+1, layers), "got code of 1.0 MB and Layers of 249.0 MB", "250.0 MB unzipped", "ImageHandler",
		"The layers: Chat/Model (200.0 MB), Chat/Tools (49.0 MB)")
	// Lambda says so itself, without layers.
	wantError(t, code.CheckSize(251*megabyte, nil))
}
