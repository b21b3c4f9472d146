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

	Description                  template.NoEffect
	FunctionVersion              template.NoEffect
	ProvisionedConcurrencyConfig template.NoEffect
}

// adviseAlias logs what of an alias that has a function URL isn't supported.
func (b *builder) adviseAlias(function *template.Resource, qualifier string) error {
	if qualifier == "" {
		return nil
	}
	aliases, err := b.deployment.ResourcesOfType("AWS::Lambda::Alias")
	if err != nil {
		return err
	}
	for _, r := range aliases {
		var p aliasProperties
		name, err := r.Text("FunctionName")
		if err != nil {
			return err
		}
		if _, ok := matchFunctionName(function, name); !ok {
			continue
		}
		if own, err := r.Text("Name"); err != nil || own != qualifier {
			continue // Decode would log about an alias that isn't served
		}
		if err := r.Decode(&p, b.log); err != nil {
			return err
		}
	}
	return nil
}
