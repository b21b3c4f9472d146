package runs_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/runs"
)

// A table, and the endpoint whose function records its runs in it.
func ExampleNewTable() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Handler: infra.GoHandler("./handler")})
	table := runs.NewTable(stack, jsii.String("Runs"), nil)
	table.Grant(endpoint.Function)
}

// A table that bounds what it costs if somebody starts runs without end.
func ExampleNewTable_bounded() {
	app := awscdk.NewApp(nil)
	runs.NewTable(awscdk.NewStack(app, jsii.String("Chat"), nil), jsii.String("Runs"), &runs.TableProps{TableOptions: &awsdynamodb.TablePropsV2{
		Billing: awsdynamodb.Billing_OnDemand(&awsdynamodb.MaxThroughputProps{
			MaxReadRequestUnits:  jsii.Number(200),
			MaxWriteRequestUnits: jsii.Number(200),
		}),
	}})
}
