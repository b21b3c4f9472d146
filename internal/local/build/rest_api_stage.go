package build

import (
	"cmp"

	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// restDeploymentProperties are those of AWS::ApiGateway::Deployment. Whatever it
// was created after, it has all methods.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
type restDeploymentProperties struct {
	RestApiId, StageName string

	DeploymentCanarySettings, StageDescription template.LeftOut

	Description template.NoEffect
}

// restStageProperties are those of AWS::ApiGateway::Stage.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html
type restStageProperties struct {
	DeploymentId, RestApiId, StageName string

	Variables      map[string]string
	MethodSettings []struct {
		CachingEnabled, ThrottlingBurstLimit, ThrottlingRateLimit template.LeftOut

		CacheDataEncrypted, CacheTtlInSeconds, DataTraceEnabled, HttpMethod, LoggingLevel, MetricsEnabled, ResourcePath template.NoEffect
	}

	CacheClusterEnabled, CanarySetting template.LeftOut

	AccessLogSetting, CacheClusterSize, ClientCertificateId, Description, DocumentationVersion, Tags, TracingEnabled template.NoEffect
}

// restStages returns the stages of an API with the routes of its methods.
func (b *builder) restStages(r *template.Resource, made *endpoint, methods []restMethod, keys map[string]string) (map[string]*restapi.Stage, error) {
	stages := map[string]*restapi.Stage{}
	add := func(name, deployment string, variables map[string]string) error {
		stage := &restapi.Stage{DeploymentID: deployment, Variables: variables, Keys: keys}
		for _, method := range methods {
			route, err := b.restRoute(method, variables)
			if err != nil {
				return err
			}
			stage.Routes = append(stage.Routes, route)
		}
		stages[name], made.stage = stage, cmp.Or(made.stage, name)
		return nil
	}
	err := each(b, "AWS::ApiGateway::Stage", "RestApiId", made.id, func(_ *template.Resource, p restStageProperties) error {
		return add(p.StageName, p.DeploymentId, p.Variables)
	})
	if err != nil {
		return nil, err
	}
	err = each(b, "AWS::ApiGateway::Deployment", "RestApiId", made.id, func(r *template.Resource, p restDeploymentProperties) error {
		deployment, err := r.Ref()
		if err != nil || p.StageName == "" || stages[p.StageName] != nil {
			return err
		}
		return add(p.StageName, deployment, nil)
	})
	if err == nil && len(stages) == 0 {
		b.foundAt("api-stage", "every request gets 403", wrong(r, "", "define an AWS::ApiGateway::Deployment and an AWS::ApiGateway::Stage", "the API has no stage"))
	}
	return stages, err
}

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
