package nag

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/runs"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestTable_of_runs_leaves_no_finding(t *testing.T) {
	app := synthtest.NewApp()
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("./handler")})
	runs.NewTable(stack, jsii.String("Runs"), nil).Grant(handler.Function)
	if got := findings(app); len(got) > 0 {
		t.Errorf("got %q, want none", got)
	}
}
