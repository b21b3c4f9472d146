// Package runs defines the table of functions/runs, which records what a function
// streams, so that its viewers can resume.
//
//	table := runs.NewTable(stack, jsii.String("Runs"), nil)
//	table.Grant(endpoint.Function)
//
// It isn't a part of infra, so that apps without it don't compile awsdynamodb.
package runs

import (
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
	// Billing is how requests are paid, and bounded: a run takes some 6 writes of 1 KB
	// a second.
	//
	// Default: on demand, without a maximum
	Billing awsdynamodb.Billing

	// Encryption is the key that encrypts the table at rest.
	//
	// Default: one that DynamoDB owns, at no charge
	Encryption awsdynamodb.TableEncryptionV2

	// PointInTimeRecovery keeps backups of the last 35 days, of runs that have expired,
	// too.
	//
	// Default: false, since runs expire after a day
	PointInTimeRecovery *bool

	// RemovalPolicy says what becomes of the table when it is removed from the stack.
	//
	// Default: awscdk.RemovalPolicy_DESTROY, since runs expire after a day
	RemovalPolicy awscdk.RemovalPolicy
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
	given := construct.CopyOf(props)
	if given.RemovalPolicy == "" {
		given.RemovalPolicy = awscdk.RemovalPolicy_DESTROY
	}
	t := new(Table)
	constructs.NewConstruct_Override(t, scope, id)
	table := &awsdynamodb.TablePropsV2{
		PartitionKey:        &awsdynamodb.Attribute{Name: jsii.String("run"), Type: awsdynamodb.AttributeType_STRING},
		SortKey:             &awsdynamodb.Attribute{Name: jsii.String("seq"), Type: awsdynamodb.AttributeType_NUMBER},
		TimeToLiveAttribute: jsii.String("expires"),
		Billing:             given.Billing,
		Encryption:          given.Encryption,
		RemovalPolicy:       given.RemovalPolicy,
	}
	if given.PointInTimeRecovery != nil {
		table.PointInTimeRecoverySpecification = &awsdynamodb.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: given.PointInTimeRecovery}
	}
	t.Table = awsdynamodb.NewTableV2(t, jsii.String("Table"), table)
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
