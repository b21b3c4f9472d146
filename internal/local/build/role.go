package build

import (
	"cmp"
	"fmt"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
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

	AssumeRolePolicyDocument template.Lazy

	Description, MaxSessionDuration, Path, RoleName, Tags template.NoEffect
}

// rolePolicyProperties are those of AWS::IAM::Policy, AWS::IAM::ManagedPolicy and
// AWS::IAM::RolePolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
type rolePolicyProperties struct {
	PolicyDocument policyDocument
	RoleName       string
	Roles          []string

	Description, Groups, ManagedPolicyName, Path, PolicyName, Users template.NoEffect
}

// managedActions are the actions of AWS's own policies that let a role call
// functions and REST APIs.
//
// See: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managedActions = map[string]string{
	"AdministratorAccess":              "*",
	"AmazonAPIGatewayInvokeFullAccess": restapi.Action,
	"AWSLambda_FullAccess":             "lambda:*",
	"AWSLambdaRole":                    "lambda:InvokeFunction",
	"PowerUserAccess":                  "*",
}

// policyDocument is a policy. Most statements are about other services, so what they
// refer to is resolved only if their actions match.
type policyDocument struct {
	Statement []iam.Statement

	Id, Version template.NoEffect
}

// A role is the role of a function, as a caller of function URLs in its account.
type role struct {
	name, arn string

	// policies returns those that are attached to the role. They count even beside an
	// error, which becomes the cause if none permits a call.
	policies func() ([]*iam.Policy, error)
}

// roleOf returns the role that has the ARN. Its policies are read when it first
// calls a function.
func (b *builder) roleOf(arn string) *role {
	r, err := b.deployment.Lookup("AWS::IAM::Role", "Arn", arn)
	if err != nil {
		return &role{arn, arn, func() ([]*iam.Policy, error) {
			return nil, fault.At(arn, fault.New("define the role in the app", "isn't defined in this assembly, so its policies aren't known"))
		}}
	}
	session := strings.NewReplacer(":iam:", ":sts:", ":role/", ":assumed-role/").Replace(arn)
	b.paths[arn], b.paths[session] = r.Path, r.Path
	return &role{r.Path, arn, sync.OnceValues(func() ([]*iam.Policy, error) { return b.rolePolicies(r) })}
}

// trustsEdge reports whether Lambda@Edge can assume the role that has the ARN, as far as
// the assembly says.
func (b *builder) trustsEdge(arn string) bool {
	r, err := b.deployment.Lookup("AWS::IAM::Role", "Arn", arn)
	var p roleProperties
	if err != nil || r.Decode(&p, slog.New(slog.DiscardHandler)) != nil {
		return true
	}
	trusted, err := p.AssumeRolePolicyDocument.Value()
	return err != nil || strings.Contains(fmt.Sprint(trusted), edgePrincipal)
}

// access decides about callers of a function's account: administrators may always
// call, roles of functions if their policies or those of the function permit it.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func (b *builder) access(granted []*iam.Policy) func(sigv4.Identity, iam.Request) *fault.Error {
	return func(caller sigv4.Identity, r iam.Request) *fault.Error {
		owner, ok := b.keys.roles[caller.Credentials.AccessKeyID]
		if !ok {
			return nil
		}
		own, err := owner.policies()
		// A permission names the role, not its session. One that names the role's
		// account leaves the decision to the role's policies.
		// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
		r.Names, r.Keys[iam.KeyPrincipalARN] = []string{owner.arn}, owner.arn
		denial := iam.Decide(r, "policy of "+owner.name, slices.Concat(own, granted)...)
		if denial == nil {
			return nil
		}
		if err != nil {
			denial.Problem += ": " + err.Error()
		}
		denial.Problem = fault.Redact(denial, b.options.Values).Error() // the policies are read only now
		denial.Hint = cmp.Or(denial.Hint, "allow "+r.Action+" on it in a policy of the role")
		return denial
	}
}

// rolePolicies returns the policies that are attached to a role.
func (b *builder) rolePolicies(role *template.Resource) (policies []*iam.Policy, broken error) {
	name, err := role.Ref()
	if err != nil {
		return nil, err
	}
	var own roleProperties
	if err := role.Decode(&own, b.log); err != nil {
		return nil, err
	}
	for i, policy := range own.Policies {
		policies = append(policies, b.attached(role, fmt.Sprintf("Policies[%d] of %s", i, role.Path), policy.PolicyDocument.Statement))
	}
	arns, broken := own.ManagedPolicyArns.Value()
	list, _ := arns.([]any)
	attached := make([]string, len(list))
	for i, arn := range list {
		attached[i] = fmt.Sprint(arn)
	}
	for _, arn := range attached {
		if action, ok := managedActions[path.Base(arn)]; ok && strings.Contains(arn, ":iam::aws:policy/") {
			policies = append(policies, b.attached(role, arn, []iam.Statement{{Effect: "Allow", Action: []string{action}}}))
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
				policies = append(policies, b.attached(role, r.Path, p.PolicyDocument.Statement))
			}
		}
	}
	return policies, broken
}

// attached returns the policy of statements that are attached to a role, and logs
// one that can't be evaluated.
func (b *builder) attached(role *template.Resource, name string, statements []iam.Statement) *iam.Policy {
	for i := range statements {
		statements[i].Principal = iam.Literal{V: "*"} // whom it is attached to
	}
	policy := iam.New(name, statements...)
	if err := policy.Check(append(slices.Clone(functionurl.Actions), restapi.Action)...); err != nil {
		fault.Log(b.log, slog.LevelWarn, "a statement doesn't count for calls of "+role.Path,
			fault.Redact(fault.At(name, err), b.options.Values).Error(), fault.HintOf(err))
	}
	return policy
}
