package build

import (
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// aliasProperties are those of AWS::Lambda::Alias. All requests reach the code of
// the function, whatever the version.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
type aliasProperties struct {
	FunctionName string
	Name         string

	RoutingConfig template.LeftOut

	Description, FunctionVersion, ProvisionedConcurrencyConfig template.NoEffect
}

// adviseAlias logs what of the alias that has a function URL isn't supported.
func (b *builder) adviseAlias(functionARN, qualifier string) error {
	r, err := b.deployment.Lookup("AWS::Lambda::Alias", "AliasArn", functionARN+":"+qualifier)
	if err != nil {
		return nil // it belongs to the function itself, or to a version
	}
	return r.Decode(new(aliasProperties), b.log)
}
