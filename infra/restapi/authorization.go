package restapi

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// Authorization is who may call a StreamingRestApi.
type Authorization string

const (
	// Authorization_IAM lets signed requests in of principals that GrantInvoke
	// permits. CloudFront can't sign for API Gateway.
	Authorization_IAM Authorization = "IAM"

	// Authorization_API_KEY lets requests in that have the generated key in
	// x-api-key. Distributions with the API's Origin send it.
	Authorization_API_KEY Authorization = "API_KEY"

	// Authorization_NONE lets everyone in, behind a distribution too: who knows
	// the API's address gets around it, and may forge X-Original-Host.
	Authorization_NONE Authorization = "NONE"
)

// keyLength is the number of letters and digits of an API key. API Gateway allows
// 20 to 128.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
const keyLength = 40

// check panics with an *Error about the construct id in scope unless a is one of the
// constants.
func (a Authorization) check(scope constructs.Construct, id *string) {
	if !slices.Contains([]Authorization{Authorization_IAM, Authorization_API_KEY, Authorization_NONE}, a) {
		construct.Fail(scope, id, "got Authorization %q: use one of the constants restapi.Authorization_*", string(a))
	}
}

func (a Authorization) methodOptions() *awsapigateway.MethodOptions {
	options := &awsapigateway.MethodOptions{
		AuthorizationType: awsapigateway.AuthorizationType_NONE,
		ApiKeyRequired:    jsii.Bool(a == Authorization_API_KEY),
	}
	if a == Authorization_IAM {
		options.AuthorizationType = awsapigateway.AuthorizationType_IAM
	}
	return options
}

// defineKey defines the API key, whose value is a secret, and the usage plan that lets
// it into the stage and nowhere else.
func (a *StreamingRestApi) defineKey() {
	a.KeySecret = awssecretsmanager.NewSecret(a, jsii.String("KeySecret"), &awssecretsmanager.SecretProps{
		Description: jsii.String("The API key of " + *a.Node().Path()),
		GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
			ExcludePunctuation: jsii.Bool(true),
			PasswordLength:     jsii.Number(keyLength),
		},
	})
	construct.Suppress(a.KeySecret, "AwsSolutions-SMG4", "A rotation would have to replace the API key and update the distribution, which only a deployment does.")
	key := awsapigateway.NewApiKey(a, jsii.String("Key"), &awsapigateway.ApiKeyProps{Value: a.key()})
	plan := a.RestApi.AddUsagePlan(jsii.String("UsagePlan"), &awsapigateway.UsagePlanProps{
		ApiStages: &[]*awsapigateway.UsagePlanPerApiStage{{Api: a.RestApi, Stage: a.RestApi.DeploymentStage()}},
	})
	plan.AddApiKey(key, nil)
}

// key returns a dynamic reference to the API key, which CloudFormation resolves.
func (a *StreamingRestApi) key() *string {
	return a.KeySecret.SecretValue().UnsafeUnwrap()
}

// GrantInvoke permits a principal to call every path of the stage with signed
// requests, as Authorization_IAM requires.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (a *StreamingRestApi) GrantInvoke(grantee awsiam.IGrantable) awsiam.Grant {
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee:      grantee,
		Actions:      jsii.Strings("execute-api:Invoke"),
		ResourceArns: &[]*string{a.RestApi.ArnForExecuteApi(nil, jsii.String("/*"), a.RestApi.DeploymentStage().StageName())},
	})
}
