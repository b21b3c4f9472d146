package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// explain suppresses findings of cdk-nag that a proxy for a whole app can't avoid.
func (a *StreamingRestApi) explain() {
	construct.Suppress(a.RestApi, "AwsSolutions-APIG2", "The handler validates requests: the API knows nothing of their content.")
	if role := a.RestApi.Node().TryFindChild(jsii.String("CloudWatchRole")); role != nil {
		construct.Suppress(role, "AwsSolutions-IAM4", "API Gateway documents this managed policy for the role that writes its logs.")
	}
	for _, child := range *a.RestApi.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		method, ok := child.(awsapigateway.CfnMethod)
		if !ok {
			continue
		}
		construct.Suppress(method, "AwsSolutions-COG4", "Authorization says who may call: signed requests, those with the API key, or everyone.")
		if a.authorization == Authorization_API_KEY {
			construct.Suppress(method, "AwsSolutions-APIG4", "CloudFront can't sign for API Gateway: an API key that only the distribution has keeps others out.")
		}
	}
}
