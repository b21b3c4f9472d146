package build

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// roleProperties are those of AWS::IAM::Role.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
type roleProperties struct {
	ManagedPolicyArns template.Lazy
	Policies          []struct {
		PolicyDocument policyDocument

		PolicyName template.NoEffect
	}

	PermissionsBoundary template.LeftOut

	AssumeRolePolicyDocument template.NoEffect
	Description              template.NoEffect
	MaxSessionDuration       template.NoEffect
	Path                     template.NoEffect
	RoleName                 template.NoEffect
	Tags                     template.NoEffect
}

// rolePolicyProperties are those of AWS::IAM::Policy, AWS::IAM::ManagedPolicy and
// AWS::IAM::RolePolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
type rolePolicyProperties struct {
	PolicyDocument policyDocument
	RoleName       string
	Roles          []string

	Description       template.NoEffect
	Groups            template.NoEffect
	ManagedPolicyName template.NoEffect
	Path              template.NoEffect
	PolicyName        template.NoEffect
	Users             template.NoEffect
}

// managedActions are the actions of AWS's own policies that let a role call
// functions.
//
// See: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managedActions = map[string]string{
	"AdministratorAccess":  "*",
	"AWSLambda_FullAccess": "lambda:*",
	"AWSLambdaRole":        lambda.ActionInvokeFunction,
	"PowerUserAccess":      "*",
}

// A role is the role of a function, as a caller of function URLs. Left out:
// permissions boundaries, and conditions on other keys than Lambda's own two.
type role struct {
	arn string

	// resource is nil if another app defines the role.
	resource *template.Resource

	// statements reads the policies when the role first calls.
	statements func() ([]policyStatement, error)
}

// roleOf returns the role that has the ARN.
func (b *builder) roleOf(arn string) *role {
	found := &role{arn: arn}
	if r, err := b.deployment.Lookup("AWS::IAM::Role", "Arn", arn); err == nil {
		found.resource = r
	}
	found.statements = sync.OnceValues(func() ([]policyStatement, error) { return found.read(b) })
	return found
}

// read returns the statements of the policies that are attached to the role.
func (o *role) read(b *builder) ([]policyStatement, error) {
	if o.resource == nil {
		return nil, fault.At(o.arn, fault.New("define the role in the app", "isn't defined in this assembly, so its policies aren't known"))
	}
	name, err := o.resource.Ref()
	if err != nil {
		return nil, err
	}
	var own roleProperties
	if err := o.resource.Decode(&own, b.log); err != nil {
		return nil, err
	}
	var statements []policyStatement
	for _, policy := range own.Policies {
		statements = append(statements, policy.PolicyDocument.Statement...)
	}
	arns, broken := own.ManagedPolicyArns.Value()
	attached := texts(arns)
	for _, arn := range attached {
		if action, ok := managedActions[path.Base(arn)]; ok && strings.Contains(arn, ":iam::aws:policy/") {
			statements = append(statements, policyStatement{Effect: "Allow", Action: []string{action}})
		}
	}
	for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"} {
		resources, err := b.deployment.ResourcesOfType(kind)
		if err != nil {
			return nil, err
		}
		for _, r := range resources {
			var p rolePolicyProperties
			ref, err := r.Ref()
			if err = cmp.Or(err, r.Decode(&p, b.log)); err != nil {
				broken = err // of any role; it matters only if nothing permits the call
				continue
			}
			if slices.Contains(p.Roles, name) || p.RoleName == name || slices.Contains(attached, ref) {
				statements = append(statements, p.PolicyDocument.Statement...)
			}
		}
	}
	return statements, broken
}

// denial returns nil if the role's policies, or the function's, permit a call in
// their account.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func (o *role) denial(call lambda.Call, policy lambda.Policy) *lambda.Denial {
	statements, err := o.statements()
	allowed := false
	for _, statement := range statements {
		matches, why := statement.matches(call)
		switch {
		case why != nil:
			err = why
		case matches && statement.Effect == "Deny":
			return &lambda.Denial{Cause: fmt.Sprintf("a policy of %s denies %s on %s", o.name(), call.Action, call.Function), Cure: "remove the Deny statement"}
		case matches:
			allowed = true
		}
	}
	call.Caller.ARN = o.arn // a statement's Principal is the role, not its session
	if allowed || policy.Denial(call) == nil {
		return nil
	}
	denial := &lambda.Denial{
		Cause: fmt.Sprintf("no policy of %s allows %s on %s", o.name(), call.Action, call.Function),
		Cure:  fmt.Sprintf("allow %s on the function in a policy of the role", call.Action),
	}
	if err != nil {
		denial.Cause += ": " + err.Error()
	}
	return denial
}

func (o *role) name() string {
	if o.resource == nil {
		return o.arn
	}
	return o.resource.Path
}
