package restapi

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// OriginOptions configure the origin of a StreamingRestApi.
type OriginOptions struct {
	// ReadTimeout is how long CloudFront waits for the first byte, and then
	// for each further packet; 1 to 120 seconds.
	//
	// Default: 60 seconds
	ReadTimeout awscdk.Duration
}

// Origin returns the stage as an origin for an infra.Endpoint, or for distributions
// of the same account and region, whose "/" is that of the handler. In
// infra.StreamingBehavior, it goes with infra.BodyHashing_NONE. The options may be nil.
// It panics with an *Error if the API has Authorization_IAM, since CloudFront can't
// sign for API Gateway.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-origin.html
func (a *StreamingRestApi) Origin(options *OriginOptions) awscloudfront.IOrigin {
	if a.authorization == Authorization_IAM {
		construct.Fail(a, nil, "got an origin with Authorization_IAM: CloudFront doesn't sign requests to API Gateway, set Authorization_API_KEY")
	}
	readTimeout := cmp.Or(construct.CopyOf(options).ReadTimeout, awscdk.Duration_Seconds(jsii.Number(60)))
	return &origin{api: a, checks: synthesis.ChecksOf(a), readTimeout: readTimeout.ToSeconds(nil)}
}

// An origin is a stage as a CloudFront origin.
type origin struct {
	api    *StreamingRestApi
	checks *synthesis.Checks

	// readTimeout is in seconds.
	readTimeout *float64
}

// Bind returns the origin's part of the distribution in scope. CDK calls it in the
// middle of one of its own calls, so it reports problems at synthesis.
func (o *origin) Bind(scope constructs.Construct, options *awscloudfront.OriginBindOptions) *awscloudfront.OriginBindConfig {
	stack, headers := awscdk.Stack_Of(o.api), []*awscloudfront.CfnDistribution_OriginCustomHeaderProperty{}
	api, distribution := construct.EnvironmentOf(o.api), construct.EnvironmentOf(scope)
	switch {
	case o.api.KeySecret == nil:
	case api != distribution:
		// Inferred: CloudFormation reads a secret in the region of the stack. ARNs are
		// documented for other accounts only.
		synthesis.Report(scope, fmt.Sprintf("the API %s is in another account or region: its key can't be resolved there, define both in one", *o.api.Node().Path()))
	default:
		headers = append(headers, &awscloudfront.CfnDistribution_OriginCustomHeaderProperty{
			HeaderName: jsii.String("x-api-key"), HeaderValue: o.api.key(),
		})
	}
	o.checks.Bind(scope.Node().Scope(), options.OriginId)
	return &awscloudfront.OriginBindConfig{
		OriginProperty: &awscloudfront.CfnDistribution_OriginProperty{
			Id:                  options.OriginId,
			DomainName:          jsii.String(*o.api.RestApi.RestApiId() + ".execute-api." + *stack.Region() + "." + *stack.UrlSuffix()),
			OriginPath:          jsii.String("/" + *o.api.RestApi.DeploymentStage().StageName()),
			OriginCustomHeaders: headers,
			CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
				OriginProtocolPolicy: jsii.String("https-only"),
				OriginSslProtocols:   jsii.Strings("TLSv1.2"),
				OriginReadTimeout:    o.readTimeout,
			},
		},
	}
}
