package build

import (
	"errors"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// permissionProperties are those of AWS::Lambda::Permission.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
type permissionProperties struct {
	Action                string
	FunctionName          string
	FunctionUrlAuthType   string
	InvokedViaFunctionUrl *bool
	Principal             string
	SourceAccount         string
	SourceArn             string

	EventSourceToken template.NoEffect
	PrincipalOrgID   template.Unsupported

	Unknown template.Unknown
}

// permissions returns the permissions of a function, or of the version or alias
// that the qualifier names.
func (b *builder) permissions(function *template.Resource, arn, qualifier string) ([]*iam.Policy, error) {
	resources, err := b.deployment.ResourcesOfType("AWS::Lambda::Permission")
	if err != nil {
		return nil, err
	}
	var policies []*iam.Policy
	for _, r := range resources {
		name, err := r.Text("FunctionName")
		if errors.Is(err, template.ErrUnsupported) {
			b.deployment.Skipped(err)
			continue
		}
		if err != nil {
			return nil, err
		}
		if got, ok := matchFunctionName(function, name); !ok || got != qualifier {
			continue
		}
		if !r.Reaches(function) {
			b.foundAt("permission-region", "can't be deployed, and permits nothing", wrong(r, "FunctionName", "define the permission in the stack of the function",
				"it is in %s/%s, and its function in %s/%s", r.Account, r.Region, function.Account, function.Region))
			continue
		}
		var p permissionProperties
		if err := r.Decode(&p, b.log); err != nil {
			return nil, err
		}
		if p.Unknown.Err != nil {
			b.deployment.Skipped(p.Unknown.Err)
			continue
		}
		policies = append(policies, iam.New(r.Path, p.statement(arn)))
	}
	err = each(b, TypeFunctionPolicy, "", "", func(r *template.Resource, p functionPolicyProperties) error {
		if got, ok := matchFunctionName(function, p.FunctionName); ok && got == qualifier && r.Reaches(function) {
			policies = append(policies, iam.New(r.Path, p.PolicyDocument.Statement...))
		}
		return nil
	})
	return policies, err
}

// TypeFunctionPolicy is the type of a function's whole policy as AWS has it, for what reads
// deployed stacks. CloudFormation has permissions only.
const TypeFunctionPolicy = "cloudfurl::FunctionPolicy"

type functionPolicyProperties struct {
	FunctionName   string
	PolicyDocument policyDocument
}

// statement returns the statement that Lambda makes of a permission.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
// and https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
func (p permissionProperties) statement(arn string) iam.Statement {
	equals, conditions := map[string]any{}, map[string]any{}
	if p.SourceArn != "" {
		conditions["ArnLike"] = map[string]any{"AWS:SourceArn": p.SourceArn}
	}
	if p.SourceAccount != "" {
		equals["AWS:SourceAccount"] = p.SourceAccount
	}
	if p.FunctionUrlAuthType != "" {
		equals["lambda:FunctionUrlAuthType"] = p.FunctionUrlAuthType
	}
	if p.InvokedViaFunctionUrl != nil {
		conditions["Bool"] = map[string]any{"lambda:InvokedViaFunctionUrl": *p.InvokedViaFunctionUrl}
	}
	conditions["StringEquals"] = equals
	return iam.Statement{
		Effect: "Allow", Action: []string{p.Action}, Resource: iam.Literal{V: arn},
		Principal: iam.Literal{V: map[string]any{"AWS": p.Principal}}, Condition: iam.Literal{V: conditions},
	}
}
