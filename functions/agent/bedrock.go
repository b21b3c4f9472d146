//go:build !nobedrock

package main

import (
	"context"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/bedrock"
)

func init() {
	newBedrock = func(ctx context.Context, id string) (model.Model, error) { return bedrock.New(ctx, id) }
}
