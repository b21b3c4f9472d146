//go:build nosdk

package main

import (
	"context"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// checkStacks fails in the command that make builds, because AWS's SDK takes longer to
// compile than the rest of it.
func (*stackFlags) checkStacks(context.Context) ([]build.Finding, error) {
	return nil, fault.At("--stack", fault.New("run go install ./cmd/cloudfurl in the repository of cloudfurl, or use go tool cloudfurl in an app that has it",
		"this command was built without the AWS SDK, as make run does it"))
}
