package runs_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/runs"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// The jsii kernel serves one goroutine, so no test of this package is parallel.
func TestMain(m *testing.M) { synthtest.Main(m) }

// synthesize returns the template of a function with a table.
func synthesize(props *runs.TableProps) synthtest.Template {
	app := synthtest.NewApp()
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	function := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("../testdata/handler")}).Function
	runs.NewTable(stack, jsii.String("Runs"), props).Grant(function)
	return synthtest.Templates(app)["Chat"]
}

func TestTable_has_the_keys_and_the_expiry_of_functions_runs(t *testing.T) {
	table := synthesize(nil).Only(t, "AWS::DynamoDB::GlobalTable")
	for path, want := range map[string]string{
		"KeySchema":               `[{"AttributeName":"run","KeyType":"HASH"},{"AttributeName":"seq","KeyType":"RANGE"}]`,
		"AttributeDefinitions":    `[{"AttributeName":"run","AttributeType":"S"},{"AttributeName":"seq","AttributeType":"N"}]`,
		"TimeToLiveSpecification": `{"AttributeName":"expires","Enabled":true}`,
		"BillingMode":             `"PAY_PER_REQUEST"`,
		"Replicas":                `[{"Region":{"Ref":"AWS::Region"}}]`,
	} {
		if got := synthtest.Text(t, table.Properties[path]); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if table.DeletionPolicy != "Delete" {
		t.Errorf("got the deletion policy %s", table.DeletionPolicy)
	}
}

func TestTable_takes_options(t *testing.T) {
	table := synthesize(&runs.TableProps{TableOptions: &awsdynamodb.TablePropsV2{
		Billing:                          awsdynamodb.Billing_OnDemand(&awsdynamodb.MaxThroughputProps{MaxWriteRequestUnits: jsii.Number(50)}),
		Encryption:                       awsdynamodb.TableEncryptionV2_AwsManagedKey(),
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: jsii.Bool(true)},
		RemovalPolicy:                    awscdk.RemovalPolicy_RETAIN,
	}}).Only(t, "AWS::DynamoDB::GlobalTable")
	text := synthtest.Text(t, table.Properties)
	for _, want := range []string{`"MaxWriteRequestUnits":50`, `"SSEType":"KMS"`, `"PointInTimeRecoveryEnabled":true`} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s in it", text, want)
		}
	}
	if table.DeletionPolicy != "Retain" {
		t.Errorf("got the deletion policy %s", table.DeletionPolicy)
	}
}

func TestTable_grants_two_actions_on_itself_only(t *testing.T) {
	template := synthesize(nil)
	table := template.Only(t, "AWS::DynamoDB::GlobalTable").LogicalID
	policy := synthtest.Text(t, synthtest.At(t, template.Only(t, "AWS::IAM::Policy").Properties, "PolicyDocument", "Statement"))
	if want := `,{"Action":["dynamodb:PutItem","dynamodb:Query"],"Effect":"Allow","Resource":{"Fn::GetAtt":["` + table + `","Arn"]}}]`; !strings.HasSuffix(policy, want) || strings.Count(policy, "dynamodb:") != 2 {
		t.Errorf("got %s, want %s at its end", policy, want)
	}
	variable := synthtest.Text(t, synthtest.At(t, template.Only(t, "AWS::Lambda::Function").Properties, "Environment", "Variables", "RUNS_TABLE"))
	if want := `{"Ref":"` + table + `"}`; variable != want {
		t.Errorf("got %s, want %s", variable, want)
	}
}

func TestGrant_takes_the_alias_of_an_endpoint(t *testing.T) {
	app := synthtest.NewApp()
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Handler: infra.GoHandler("../testdata/handler"), Alias: &infra.AliasOptions{}})
	runs.NewTable(stack, jsii.String("Runs"), nil).Grant(endpoint.Function)
	template := synthtest.Templates(app)["Chat"]
	if got := synthtest.Text(t, template.Only(t, "AWS::Lambda::Function").Properties["Environment"]); !strings.Contains(got, "RUNS_TABLE") {
		t.Errorf("got the environment %s", got)
	}
}

func TestGrant_fails_for_a_function_of_another_app(t *testing.T) {
	stack := awscdk.NewStack(synthtest.NewApp(), jsii.String("Chat"), nil)
	function := awslambda.Function_FromFunctionName(stack, jsii.String("Function"), jsii.String("other"))
	got := synthtest.Failure(t, func() { runs.NewTable(stack, jsii.String("Runs"), nil).Grant(function) })
	if want := "Chat/Runs: Grant got a function that the app doesn't define: it can't set RUNS_TABLE there, define the function in the app"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
