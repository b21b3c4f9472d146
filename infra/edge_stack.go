package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// edgeStackID is the construct id of the edge stack that EdgeStackOf defines.
const edgeStackID = "CloudfurlEdge"

// EdgeStackProps are the properties of an EdgeStack.
type EdgeStackProps struct {
	awscdk.StackProps

	// BodyHasher are the properties of the stack's BodyHasher.
	//
	// Default: the defaults of BodyHasherProps
	BodyHasher *BodyHasherProps
}

// An EdgeStack defines a stack in us-east-1 that holds a BodyHasher.
type EdgeStack struct {
	awscdk.Stack

	// BodyHasher is shared by the endpoints of the app.
	BodyHasher *BodyHasher
}

// NewEdgeStack defines an EdgeStack. The props may be nil. Without Env.Region
// the stack is in us-east-1; NewEdgeStack panics with an *Error if it is another
// region.
func NewEdgeStack(scope constructs.Construct, id *string, props *EdgeStackProps) *EdgeStack {
	if props == nil {
		props = new(EdgeStackProps)
	}
	stackProps := props.StackProps
	env := awscdk.Environment{}
	if stackProps.Env != nil {
		env = *stackProps.Env
	}
	if env.Region == nil {
		env.Region = jsii.String(edgeRegion)
	}
	if *env.Region != edgeRegion {
		fail(scope, id, "EdgeStack got region %s: Lambda@Edge accepts functions only from %s, leave Env.Region out", *env.Region, edgeRegion)
	}
	stackProps.Env = &env

	s := new(EdgeStack)
	awscdk.NewStack_Override(s, scope, id, &stackProps)
	s.BodyHasher = NewBodyHasher(s, jsii.String("BodyHasher"), props.BodyHasher)
	return s
}

// EdgeStackOf returns the EdgeStack named CloudfurlEdge in the app, or in the
// stage, that contains scope. If it doesn't exist, EdgeStackOf defines it in the
// account of scope's stack.
//
// All apps in an account use the same stack name. To keep their stacks apart,
// define an EdgeStack with another name and pass its BodyHasher to the
// endpoints.
func EdgeStackOf(scope constructs.Construct) *EdgeStack {
	stage := awscdk.Stage_Of(scope)
	if stage == nil {
		fail(scope, nil, "isn't in an app or stage: define it within awscdk.NewApp")
	}
	switch child := stage.Node().TryFindChild(jsii.String(edgeStackID)).(type) {
	case nil:
	case *EdgeStack:
		return child
	default:
		fail(scope, nil, "the id %s is taken by another construct in %q: rename that construct, or pass a BodyHasher", edgeStackID, *stage.Node().Path())
	}
	env := &awscdk.Environment{}
	if account := awscdk.Stack_Of(scope).Account(); isConcrete(account) {
		env.Account = account
	}
	return NewEdgeStack(stage, jsii.String(edgeStackID), &EdgeStackProps{
		StackProps: awscdk.StackProps{
			Env:         env,
			Description: jsii.String("Edge functions of cloudfurl endpoints"),
		},
	})
}

// ToString returns the construct's path.
func (s *EdgeStack) ToString() *string {
	return s.Node().Path()
}
