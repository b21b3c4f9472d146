package build

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// restAPIProperties are those of AWS::ApiGateway::RestApi.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html
type restAPIProperties struct {
	ApiKeySourceType      string
	BinaryMediaTypes      []string
	Body                  iam.Element
	EndpointConfiguration struct {
		Types []string

		IpAddressType, VpcEndpointIds template.NoEffect
	}
	Parameters map[string]string
	Policy     *policyDocument

	BodyS3Location, CloneFrom template.Unsupported

	DisableExecuteApiEndpoint template.LeftOut // it is the only one here
	MinimumCompressionSize    template.LeftOut

	Description, EndpointAccessMode, FailOnWarnings, Mode, Name, SecurityPolicy, Tags template.NoEffect
}

// buildRESTAPIs makes the REST APIs of the deployment.
func (b *builder) buildRESTAPIs() error {
	resources, err := b.deployment.ResourcesOfType("AWS::ApiGateway::RestApi")
	if err != nil || len(resources) == 0 {
		return err
	}
	keys, err := b.apiKeys()
	if err != nil {
		return err
	}
	for _, r := range resources {
		id, err := r.Ref()
		if err != nil {
			return err
		}
		domain := id + ".execute-api." + r.Region + "."
		made := &endpoint{path: r.Path, id: id, region: r.Region, domain: domain + r.URLSuffix()}
		config, err := b.buildRESTAPI(r, made, keys)
		if errors.Is(err, template.ErrUnsupported) {
			made.server, err = b.stub(err, r.LogicalID), nil
		}
		if err != nil {
			return err
		}
		b.app.endpoints = append(b.app.endpoints, made)
		part := Part{Kind: "REST API", Handler: made, Path: r.Path, Hosts: []string{domain + "localhost", made.domain}}
		part.Describe = func(port string) []string {
			return made.describeStages(config, "http://"+net.JoinHostPort(part.Hosts[0], port))
		}
		if made.stage != "" {
			part.Prefix, part.Try = made.stage+"/", made.try
		}
		b.app.Parts = append(b.app.Parts, part)
	}
	return b.adviseREST()
}

// adviseREST logs what else of API Gateway isn't served.
func (b *builder) adviseREST() error {
	for _, kind := range []string{"AWS::ApiGateway::DomainName", "AWS::ApiGateway::GatewayResponse"} {
		resources, err := b.deployment.ResourcesOfType(kind)
		if err != nil {
			return err
		}
		for _, r := range resources {
			fault.Log(b.log, slog.LevelWarn, "REST APIs are served without "+r.Path, kind+" isn't supported locally", "test it on AWS")
		}
	}
	return nil
}

// buildRESTAPI makes an API: the replacement of Options.Origins, or the API of the
// template.
func (b *builder) buildRESTAPI(r *template.Resource, made *endpoint, keys map[string]string) (config restapi.Config, err error) {
	if replaced, err := b.replacement(r.Path, r.LogicalID); replaced != nil || err != nil {
		made.server = replaced
		return config, err
	}
	var p restAPIProperties
	if err := r.Decode(&p, b.log); err != nil {
		return config, err
	}
	methods, err := b.restMethods(r, made.id, &p)
	if err != nil {
		return config, err
	}
	if p.ApiKeySourceType == "AUTHORIZER" {
		return config, fault.At(r.Path, unsupported("ApiKeySourceType", "set it to HEADER, or test it on AWS", "keys of authorizers aren't supported locally"))
	}
	config = restapi.Config{ID: made.id, Path: r.Path, Domain: made.domain, Partition: r.Partition, Region: r.Region, Account: r.Account, PlainHTTP: !b.options.TLS, Throttle: b.options.Throttle, Paths: b.paths}
	b.paths[config.ARN()] = r.Path
	if config.Stages, err = b.restStages(r, made, methods, keys); err != nil {
		return config, err
	}
	made.try = tryStage(made.stage, config.Stages[made.stage])
	b.secure(r, p, &config)
	api := restapi.New(config, b.log)
	for _, denial := range api.Unpermitted() {
		f := Finding{Rule: "api-permission", Path: r.Path, Happens: "requests get 500, as API Gateway may not invoke the function"}
		f.deny(denial)
		b.found(f)
	}
	made.server = api
	return config, nil
}

// secure adds who may call an API, and how bodies and streams are treated.
func (b *builder) secure(r *template.Resource, p restAPIProperties, config *restapi.Config) {
	for _, binary := range p.BinaryMediaTypes {
		// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html#cfn-apigateway-restapi-binarymediatypes
		config.BinaryMediaTypes = append(config.BinaryMediaTypes, strings.ReplaceAll(binary, "~1", "/"))
	}
	// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
	if kind := cmp.Or(p.Parameters["endpointConfigurationTypes"], strings.Join(p.EndpointConfiguration.Types, "")); kind == "" || kind == "EDGE" {
		config.IdleTimeout = 30 * time.Second
	}
	var granted []*iam.Policy
	if p.Policy != nil {
		for i, statement := range p.Policy.Statement {
			if statement.Resource != nil {
				p.Policy.Statement[i].Resource = apiResource{statement.Resource, config.ARN()}
			}
		}
		config.Policy = iam.New("Policy of "+r.Path, p.Policy.Statement...)
		granted = append(granted, config.Policy)
		if err := config.Policy.Check(restapi.Action); err != nil {
			fault.Log(b.log, slog.LevelWarn, "a statement of the Policy of "+r.Path+" doesn't count", fault.Redact(err, b.options.Values).Error(), fault.HintOf(err))
		}
	}
	b.keys.addPerson(r.Account)
	config.Access = b.access(granted)
	config.Verifier = &sigv4.Verifier{Lookup: b.keys.lookup}
}

// An apiResource is the Resource of a statement of an API's policy, which may leave out
// what comes before the stage.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
type apiResource struct {
	iam.Element
	arn string
}

// Value returns the resource, with whole ARNs.
func (r apiResource) Value() (any, error) {
	value, err := r.Element.Value()
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	whole := make([]any, len(list))
	for i, item := range list {
		whole[i] = strings.Replace(fmt.Sprint(item), "execute-api:/", r.arn+"/", 1)
	}
	return whole, err
}

// describeStages returns lines for the banner: the address of each stage, how to sign
// and the API keys, but not values that the template gives.
func (u *endpoint) describeStages(config restapi.Config, base string) (lines []string) {
	switch served := u.server.(type) {
	case *replacement:
		return []string{"served by " + served.base.String()}
	case stub:
		return []string{"not served: every request gets 501"}
	}
	signed, keys := false, map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(config.Stages)) {
		lines = append(lines, base+"/"+name+"/")
		for _, route := range config.Stages[name].Routes {
			signed = signed || route.IAM
		}
		for value := range config.Stages[name].Keys {
			if strings.HasPrefix(value, template.GeneratedPrefix) {
				keys["x-api-key: "+value] = true
			}
		}
	}
	if signed {
		lines = append(lines, "signed requests: curl --aws-sigv4 aws:amz:"+u.region+":execute-api --user "+personKey(config.Account)+":"+SecretAccessKey)
	}
	return append(lines, slices.Sorted(maps.Keys(keys))...)
}
