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

// policyDocument is a policy. Most of its statements are about other services, so
// what they refer to is resolved only if their actions match.
type policyDocument struct {
	Statement []policyStatement

	Id, Version template.NoEffect
}

type policyStatement struct {
	Action, NotAction                []string
	Condition, NotResource, Resource template.Lazy
	Effect                           string

	Principal, Sid template.NoEffect
}

// roleOf returns the role that has the ARN. Its policies are read when it first
// calls a function.
func (b *builder) roleOf(arn string) *lambda.Role {
	r, err := b.deployment.Lookup("AWS::IAM::Role", "Arn", arn)
	if err != nil {
		return &lambda.Role{Name: arn, ARN: arn, Statements: func() ([]lambda.RoleStatement, error) {
			return nil, fault.At(arn, fault.New("define the role in the app", "isn't defined in this assembly, so its policies aren't known"))
		}}
	}
	return &lambda.Role{Name: r.Path, ARN: arn, Statements: sync.OnceValues(func() ([]lambda.RoleStatement, error) {
		return b.roleStatements(r)
	})}
}

// roleStatements returns the statements of the policies that are attached to a
// role.
func (b *builder) roleStatements(role *template.Resource) ([]lambda.RoleStatement, error) {
	name, err := role.Ref()
	if err != nil {
		return nil, err
	}
	var own roleProperties
	if err := role.Decode(&own, b.log); err != nil {
		return nil, err
	}
	var statements []lambda.RoleStatement
	for _, policy := range own.Policies {
		statements = append(statements, policy.PolicyDocument.statements()...)
	}
	arns, broken := own.ManagedPolicyArns.Value()
	list, _ := arns.([]any)
	attached := make([]string, len(list))
	for i, arn := range list {
		attached[i] = fmt.Sprint(arn)
	}
	for _, arn := range attached {
		if action, ok := managedActions[path.Base(arn)]; ok && strings.Contains(arn, ":iam::aws:policy/") {
			statements = append(statements, lambda.RoleStatement{Effect: "Allow", Action: []string{action}})
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
				statements = append(statements, p.PolicyDocument.statements()...)
			}
		}
	}
	return statements, broken
}

func (d policyDocument) statements() []lambda.RoleStatement {
	converted := make([]lambda.RoleStatement, len(d.Statement))
	for i, s := range d.Statement {
		converted[i] = lambda.RoleStatement{
			Effect: s.Effect, Action: s.Action, NotAction: s.NotAction,
			Resource: s.Resource, NotResource: s.NotResource, Condition: s.Condition,
		}
	}
	return converted
}
