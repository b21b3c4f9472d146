//go:build !nosdk

package main

import (
	"context"

	"github.com/cloudfurl/cloudfurl/internal/deployed"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// checkStacks returns what AWS rejects of the stacks of --stack.
func (f *stackFlags) checkStacks(ctx context.Context) ([]build.Finding, error) {
	return deployed.Check(ctx, f.Stack, f.Region)
}
