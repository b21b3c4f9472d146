package build

import (
	"cmp"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// apiKeyProperties are those of AWS::ApiGateway::ApiKey.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-apikey.html
type apiKeyProperties struct {
	Enabled bool
	Value   string

	StageKeys template.NoEffect // usage plans took its place

	CustomerId, Description, GenerateDistinctId, Name, Tags template.NoEffect
}

// madeUpKey begins the value of a key whose template has none. It is the same on every
// machine.
const madeUpKey = template.GeneratedPrefix + "key-"

// apiKeys returns the ids of the enabled API keys of the deployment, by value. They are
// known to every stage.
// Left out: usage plans, which say what stages a key is for, and how often.
func (b *builder) apiKeys() (map[string]string, error) {
	keys := map[string]string{}
	return keys, each(b, "AWS::ApiGateway::ApiKey", "", "", func(r *template.Resource, p apiKeyProperties) error {
		id, err := r.Ref()
		if p.Enabled {
			keys[cmp.Or(p.Value, madeUpKey+id)] = id
		}
		return err
	})
}
