package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// VersionIn returns the current version for use in the stack of scope, which
// may be in any region of the same account or environment-agnostic.
//
// Another stack reads the version's ARN from an output of the hasher's stack
// by Fn::GetStackOutput and is deployed after it. The templates of both stacks
// change when the edge code does. If the CDK CLI deploys the other stack alone, its
// behaviors run the version that the hasher's stack has then, until both stacks are
// deployed again.
func (h *BodyHasher) VersionIn(scope constructs.Construct) awslambda.IVersion {
	defer construct.About(scope, "VersionIn", "scope", nil)()
	stack := awscdk.Stack_Of(scope)
	if *awscdk.Stack_Of(h).Node().Addr() == *stack.Node().Addr() {
		return h.Version
	}
	if version, ok := h.versions[*scope.Node().Path()]; ok {
		return version
	}
	if problem := h.problemIn(stack); problem != "" {
		construct.Fail(scope, nil, "%s", problem)
	}
	stack.AddStackDependency(awscdk.Stack_Of(h), jsii.String("its behaviors run the version of body_hasher"))
	h.versions[*scope.Node().Path()] = awslambda.Version_FromVersionArn(scope, h.versionID(scope), h.arnIn(scope))
	return h.versions[*scope.Node().Path()]
}

// arnIn returns the version's ARN for scope, which is in another stack. The output has the same name
// for every version, so that one stack can be deployed without the other, a
// rollback finds the output, and two apps can share the hasher's stack.
//
// CloudFormation and the CDK CLI skip a stack whose template is unchanged: the
// version's logical id, which is joined to the ARN and split off again, changes it.
// A stack that is deployed without the hasher's may read the version before this
// one. So that its next deployment with the hasher's isn't skipped, its template
// lacks the logical id until then.
func (h *BodyHasher) arnIn(scope constructs.Construct) *string {
	stack := awscdk.Stack_Of(h)
	output := awscdk.Fn_GetStackOutput(stack.StackName(), stack.GetLogicalId(h.output), jsii.String(construct.EdgeRegion), nil)
	if h.isLeftOut(scope) {
		awscdk.Annotations_Of(scope).AddInfo(jsii.String(fmt.Sprintf("%s isn't deployed with this stack, whose behaviors run the body_hasher that is deployed now; "+
			"to bring them the current one, deploy both stacks", *stack.Node().Path())))
		return output
	}
	const separator = "#"
	version := h.Version.Node().DefaultChild().(awslambda.CfnVersion).LogicalId()
	tagged := awscdk.Fn_Join(jsii.String(separator), &[]*string{output, version})
	return awscdk.Fn_Select(jsii.Number(0), awscdk.Fn_Split(jsii.String(separator), tagged, nil))
}

// isLeftOut reports whether the CDK CLI deploys the stack of scope, but not the
// hasher's: with --exclusively it bundles the named stacks only. An assembly that
// was synthesized before doesn't show it.
//
// Seen: aws:cdk:bundling-stacks, set by aws-cdk 2.1148.1.
func (h *BodyHasher) isLeftOut(scope constructs.Construct) bool {
	return *construct.TopStackOf(scope).BundlingRequired() && !*awscdk.Stack_Of(h).BundlingRequired()
}

// problemIn returns why the behaviors of a stack can't run the version, or "".
func (h *BodyHasher) problemIn(stack awscdk.Stack) string {
	own, other := construct.EnvironmentOf(h), construct.EnvironmentOf(stack)
	if construct.IsConcrete(&own.Account) && construct.IsConcrete(&other.Account) && own.Account != other.Account {
		return fmt.Sprintf("got a BodyHasher of account %s in a stack of account %s: "+
			"CloudFront runs edge functions of its own account only, use that of EdgeStackOf(scope)", own.Account, other.Account)
	}
	// Fn::GetStackOutput reads within a partition, and Lambda@Edge exists in
	// one.
	if partition := other.Partition(); partition != construct.EdgePartition {
		return fmt.Sprintf("got a stack in %s, of partition %s: Lambda@Edge is available only in partition %s, "+
			"define the distribution in a region of that", other.Region, partition, construct.EdgePartition)
	}
	ownStage, stage := awscdk.Stage_Of(h), awscdk.Stage_Of(stack)
	if ownStage == nil || stage == nil || *ownStage.Node().Addr() == *stage.Node().Addr() {
		return ""
	}
	return fmt.Sprintf("got the BodyHasher %s, which is outside of the stage %s: a stage can't depend on stacks outside of it, "+
		"define an EdgeStack in each stage, or leave BodyHasher out", *h.Node().Path(), *stage.Node().Path())
}

// versionID returns the construct id of the version in another stack. A scope
// that uses a second hasher, which is rare, needs a second id.
func (h *BodyHasher) versionID(scope constructs.Construct) *string {
	const id = "BodyHasherVersion"
	if scope.Node().TryFindChild(jsii.String(id)) == nil {
		return jsii.String(id)
	}
	return jsii.String(id + *h.Node().Addr())
}
