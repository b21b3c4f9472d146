package local

import (
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
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

	EventSourceToken noEffect
	PrincipalOrgID   notPlayed
}

// statements returns the resource policy of a function, or of the version or
// alias that the qualifier names.
func (b *builder) statements(function *template.Resource, qualifier string) ([]functionurl.Statement, error) {
	resources, err := b.deployment.ResourcesOfType("AWS::Lambda::Permission")
	if err != nil {
		return nil, err
	}
	var statements []functionurl.Statement
	for _, r := range resources {
		name, err := r.Property("FunctionName")
		if err != nil {
			return nil, err
		}
		named, ok := name.(string)
		if !ok {
			return nil, resourceError(r, "FunctionName is %v: give the name or ARN of a function", name)
		}
		if got, ok := names(function, named); !ok || got != qualifier {
			continue
		}
		var p permissionProperties
		if err := decodeProperties(r, &p, b.log); err != nil {
			return nil, err
		}
		statements = append(statements, functionurl.Statement{
			Principal:             p.Principal,
			Action:                p.Action,
			SourceARN:             p.SourceArn,
			SourceAccount:         p.SourceAccount,
			FunctionURLAuthType:   p.FunctionUrlAuthType,
			InvokedViaFunctionURL: p.InvokedViaFunctionUrl,
		})
	}
	return statements, nil
}
