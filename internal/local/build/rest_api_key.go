package build

import (
	"maps"

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

// usagePlanProperties are those of AWS::ApiGateway::UsagePlan.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplan.html
type usagePlanProperties struct {
	ApiStages []struct {
		ApiId, Stage string

		Throttle template.LeftOut
	}

	Quota, Throttle template.LeftOut

	Description, Tags, UsagePlanName template.NoEffect
}

// usagePlanKeyProperties are those of AWS::ApiGateway::UsagePlanKey.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplankey.html
type usagePlanKeyProperties struct {
	KeyId, UsagePlanId string

	KeyType template.NoEffect
}

// A restStage is a stage of an API, by the API's id.
type restStage struct{ api, name string }

// madeUpKey begins the value of a key whose template has none. It is the same on every
// machine.
const madeUpKey = template.GeneratedPrefix + "key-"

// apiKeys returns the ids of the enabled API keys that usage plans let into stages, by
// value.
func (b *builder) apiKeys() (map[restStage]map[string]string, error) {
	values, plans, stages := map[string]string{}, map[string][]string{}, map[restStage]map[string]string{}
	err := each(b, "AWS::ApiGateway::ApiKey", "", "", func(r *template.Resource, p apiKeyProperties) error {
		id, err := r.Ref()
		if values[id] = p.Value; p.Value == "" {
			values[id] = madeUpKey + id
		}
		if !p.Enabled {
			delete(values, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = each(b, "AWS::ApiGateway::UsagePlanKey", "", "", func(_ *template.Resource, p usagePlanKeyProperties) error {
		plans[p.UsagePlanId] = append(plans[p.UsagePlanId], p.KeyId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return stages, each(b, "AWS::ApiGateway::UsagePlan", "", "", func(r *template.Resource, p usagePlanProperties) error {
		plan, err := r.Ref()
		for _, at := range p.ApiStages {
			keys := map[string]string{}
			for _, id := range plans[plan] {
				if value, enabled := values[id]; enabled {
					keys[value] = id
				}
			}
			stage := restStage{at.ApiId, at.Stage}
			maps.Copy(keys, stages[stage])
			stages[stage] = keys
		}
		return err
	})
}
