package infra

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// edgeVersionArn matches the ARNs of functions that CloudFront can run.
var edgeVersionArn = regexp.MustCompile(`^arn:aws:lambda:us-east-1:[0-9]{12}:function:[A-Za-z0-9_-]+:[0-9]+$`)

// BodyHasher_FromVersionArn returns a BodyHasher that another app has deployed,
// by the ARN of its version, which is the output VersionArn of its edge stack.
// It panics with an *Error unless the ARN is of a version in us-east-1. Its
// Function and Version are nil.
//
// An update of the edge code has a new ARN: deploy with that before the old
// version is deleted.
func BodyHasher_FromVersionArn(scope constructs.Construct, id *string, arn *string) *BodyHasher {
	defer construct.WithinApp(scope, id, nil)()
	if arn == nil {
		construct.Fail(scope, id, "BodyHasher_FromVersionArn got no ARN: give the output VersionArn of an edge stack")
	}
	if construct.IsConcrete(arn) && !edgeVersionArn.MatchString(*arn) {
		construct.Fail(scope, id, "got version ARN %s: CloudFront runs numbered versions in %s of partition %s only, "+
			"give one such as arn:aws:lambda:us-east-1:111122223333:function:body-hasher:7", *arn, construct.EdgeRegion, construct.EdgePartition)
	}
	h := &BodyHasher{versions: map[string]awslambda.IVersion{}, imported: arn}
	constructs.NewConstruct_Override(h, scope, id)
	return h
}

// environment returns where the function is.
func (h *BodyHasher) environment() construct.Environment {
	if h.imported == nil {
		return construct.EnvironmentOf(h)
	}
	account := awscdk.Aws_ACCOUNT_ID()
	if construct.IsConcrete(h.imported) {
		account = &strings.Split(*h.imported, ":")[4]
	}
	return construct.Environment{Account: *account, Region: construct.EdgeRegion}
}
