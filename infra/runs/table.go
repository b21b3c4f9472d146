// Package runs defines the table of functions/runs, which records what a function
// streams, so that its viewers can resume.
//
//	table := runs.NewTable(stack, jsii.String("Runs"), nil)
//	table.Grant(endpoint.Function)
//
// It isn't a part of infra, so that apps without it don't compile awsdynamodb.
package runs

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// TableProps are the properties of a Table. All are optional.
type TableProps struct {
	// TableOptions are CDK's own props of the table, for a maximum of requests, a key,
	// backups or tags. Its keys and its expiry are those of functions/runs.
	//
	// Default: on demand, without a maximum, encrypted with DynamoDB's own key, without
	// backups and removed with its stack, since runs expire after a day
	TableOptions *awsdynamodb.TablePropsV2
}

// A Table keeps runs of functions in its region. DynamoDB deletes them when they have
// expired, at no charge.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
type Table struct {
	constructs.Construct

	// Table has the partition key run, a string, and the sort key seq, a number.
	Table awsdynamodb.TableV2
}

// NewTable defines a Table. The props may be nil.
func NewTable(scope constructs.Construct, id *string, props *TableProps) *Table {
	defer construct.Within(scope, id, props)()
	given := construct.CopyOf(construct.CopyOf(props).TableOptions)
	given.PartitionKey = &awsdynamodb.Attribute{Name: jsii.String("run"), Type: awsdynamodb.AttributeType_STRING}
	given.SortKey = &awsdynamodb.Attribute{Name: jsii.String("seq"), Type: awsdynamodb.AttributeType_NUMBER}
	given.TimeToLiveAttribute = jsii.String("expires")
	given.RemovalPolicy = cmp.Or(given.RemovalPolicy, awscdk.RemovalPolicy_DESTROY)
	t := new(Table)
	constructs.NewConstruct_Override(t, scope, id)
	t.Table = awsdynamodb.NewTableV2(t, jsii.String("Table"), given)
	return t
}

// Grant permits a function to write and query items of this table, and nothing else, and
// tells it the table's name in RUNS_TABLE, for NewTable of functions/runs. It panics with
// an *Error unless the app defines the function.
func (t *Table) Grant(function awslambda.IFunction) awsiam.Grant {
	defer construct.Reporting(t, nil)()
	if alias, ok := function.(awslambda.Alias); ok {
		function = alias.Version().Lambda()
	}
	defined, ok := function.(awslambda.Function)
	if !ok {
		construct.Fail(t, nil, "Grant got a function that the app doesn't define: it can't set %s there, define the function in the app", contract.EnvironmentRunsTable)
	}
	defined.AddEnvironment(jsii.String(contract.EnvironmentRunsTable), t.Table.TableName(), nil)
	return t.Table.Grant(defined, jsii.String("dynamodb:PutItem"), jsii.String("dynamodb:Query"))
}

// ToString returns the construct's path.
func (t *Table) ToString() *string {
	return t.Node().Path()
}
