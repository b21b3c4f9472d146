package infra

import (
	"cmp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// edgeStackID is the construct id and name of the edge stack that EdgeStackOf
// defines.
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

	// shared reports whether EdgeStackOf has defined the stack.
	shared bool
}

// NewEdgeStack defines an EdgeStack. The props may be nil. Without Env.Region
// the stack is in us-east-1; NewEdgeStack panics with an *Error if it is another
// region.
func NewEdgeStack(scope constructs.Construct, id *string, props *EdgeStackProps) *EdgeStack {
	defer construct.WithinApp(scope, id, props)()
	props = construct.CopyOf(props)
	stackProps := props.StackProps
	env := construct.CopyOf(stackProps.Env)
	env.Region = cmp.Or(env.Region, jsii.String(construct.EdgeRegion))
	stackProps.Env = env

	s := new(EdgeStack)
	awscdk.NewStack_Override(s, scope, id, &stackProps)
	s.BodyHasher = NewBodyHasher(s, jsii.String("BodyHasher"), props.BodyHasher)
	return s
}

// EdgeStackOf returns the EdgeStack named CloudfurlEdge for the app or stage
// that is or contains scope, and for the account of scope's stack. If it doesn't
// exist, EdgeStackOf defines it. An EdgeStack with the id CloudfurlEdge that the
// app has defined without an account serves all accounts.
//
// All apps in an account use the same stack name, so the stack takes no tags and no
// termination protection from one of them. To give it these, or a synthesizer, define
// an EdgeStack with that id before. To keep the stacks of apps apart, define one with
// another name and pass its BodyHasher to the endpoints.
func EdgeStackOf(scope constructs.Construct) *EdgeStack {
	construct.CheckGiven(scope, "EdgeStackOf", "scope")
	defer construct.Reporting(scope, nil)()
	stage, account := stageAndAccountOf(scope)
	if stage == nil {
		construct.Fail(scope, nil, "isn't in an app: define it within awscdk.NewApp")
	}
	id := edgeStackID
	existing, taken := findEdgeStack(stage, id)
	if existing != nil && !existing.serves(account) {
		// The stack of a further account has the same name, and another id.
		id += account
		existing, taken = findEdgeStack(stage, id)
	}
	if taken {
		construct.Fail(scope, nil, "the id %s is taken by another construct in %q: rename that construct, or pass a BodyHasher", id, *stage.Node().Path())
	}
	if existing != nil {
		return existing
	}
	env := new(awscdk.Environment)
	if account != "" {
		env.Account = jsii.String(account)
	}
	edge := NewEdgeStack(stage, jsii.String(id), &EdgeStackProps{
		StackProps: awscdk.StackProps{
			// The name that the CDK would give to the stack of the first account.
			StackName:   jsii.String(strings.TrimPrefix(*stage.StageName()+"-"+edgeStackID, "-")),
			Env:         env,
			Description: jsii.String("Edge functions of cloudfurl endpoints"),
		},
	})
	edge.shared = true
	return edge
}

// serves reports whether the stacks of an account can use s. The account is
// empty for stacks whose account is only known at deployment.
func (s *EdgeStack) serves(account string) bool {
	own := s.Account()
	return account == "" || *own == account || !construct.IsConcrete(own) && !s.shared
}

// findEdgeStack returns the EdgeStack with an id, and whether another construct
// has the id.
func findEdgeStack(stage awscdk.Stage, id string) (edge *EdgeStack, taken bool) {
	child := stage.Node().TryFindChild(jsii.String(id))
	edge, ok := child.(*EdgeStack)
	return edge, child != nil && !ok
}

// stageAndAccountOf returns the innermost app or stage that is or contains
// scope, and the account of scope's stack, or outside of stacks the stage's. The
// account is empty if it is only known at deployment.
func stageAndAccountOf(scope constructs.Construct) (stage awscdk.Stage, account string) {
	var found *string
	for _, s := range *scope.Node().Scopes() {
		switch s := s.(type) {
		case awscdk.Stage:
			stage, found = s, s.Account()
		case awscdk.Stack:
			found = s.Account()
		}
	}
	if found != nil && construct.IsConcrete(found) {
		account = *found
	}
	return stage, account
}

// ToString returns the construct's path.
func (s *EdgeStack) ToString() *string {
	return s.Node().Path()
}
