package construct

import (
	"crypto/sha256"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

const (
	// Names of CloudFront Functions and origin access controls are at most
	// 64 characters long.
	//
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
	maxGlobalName = 64

	// The longest region names, such as ap-southeast-1, have 14 characters.
	// With a hash of 8 and two hyphens, 40 remain for the stack's name.
	maxGlobalNameStack = maxGlobalName - len("-12345678-ap-southeast-1")
)

// GlobalName returns a name for a resource whose name must be unique over all
// regions of an account. It consists of the stack's name, a hash of that name
// and the construct's path, and the region. So it differs between regions,
// between stacks deployed from the same code under two names, and between the
// constructs of one stack.
func GlobalName(scope constructs.Construct) *string {
	stack := TopStackOf(scope)
	name := *stack.StackName()
	sum := sha256.Sum256([]byte(name + "\x00" + *scope.Node().Path()))
	return jsii.String(fmt.Sprintf("%s-%x-%s", name[:min(len(name), maxGlobalNameStack)], sum[:4], *stack.Region()))
}

// DistributionArn returns the ARN of a distribution of the account of scope.
func DistributionArn(scope constructs.Construct, distributionID *string) *string {
	return awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("cloudfront"),
		Region:       jsii.String(""),
		Resource:     jsii.String("distribution"),
		ResourceName: distributionID,
	})
}
