package nag

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/runs"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestTable_of_runs_leaves_no_finding(t *testing.T) {
	app := synthtest.NewApp()
	runs.NewTable(awscdk.NewStack(app, jsii.String("Chat"), nil), jsii.String("Runs"), nil)
	if got, want := findings(app), []string(nil); !slices.Equal(got, want) {
		t.Errorf("got %q, want none", got)
	}
}
