package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// StreamingBehaviorProps are the properties of StreamingBehavior.
type StreamingBehaviorProps struct {
	// Origin is the Origin of a StreamingOrigin.
	Origin awscloudfront.IOrigin

	// OriginalHost is the Function of an OriginalHost.
	OriginalHost awscloudfront.IFunction

	// BodyHasher hashes request bodies.
	BodyHasher *BodyHasher
}

// StreamingBehavior returns the options of a behaviour in which every method
// reaches the origin, nothing is cached or compressed, and viewers are
// redirected to HTTPS. Use it for the default behaviour of a distribution, or
// with Distribution.AddBehavior. It panics with an *Error if a property is
// missing.
func StreamingBehavior(scope constructs.Construct, props *StreamingBehaviorProps) *awscloudfront.BehaviorOptions {
	if props == nil || props.Origin == nil || props.OriginalHost == nil || props.BodyHasher == nil {
		fail(scope, nil, "StreamingBehavior needs Origin, OriginalHost and BodyHasher: give all three, or use Endpoint")
	}
	return &awscloudfront.BehaviorOptions{
		Origin:               props.Origin,
		AllowedMethods:       awscloudfront.AllowedMethods_ALLOW_ALL(),
		CachePolicy:          awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:  awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		Compress:             jsii.Bool(false),
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
			EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
			Function:  props.OriginalHost,
		}},
		EdgeLambdas: &[]*awscloudfront.EdgeLambda{{
			EventType:       awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST,
			FunctionVersion: props.BodyHasher.VersionIn(scope),
			IncludeBody:     jsii.Bool(true),
		}},
	}
}
