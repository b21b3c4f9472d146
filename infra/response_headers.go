package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// DefaultSecurityHeaders returns the headers that an Endpoint adds by default,
// for an app that wants to add, change or remove one. They are those of AWS's
// managed SecurityHeadersPolicy: a year of HSTS, nosniff, frames of the same
// origin only, no path in the Referer to other origins, and X-XSS-Protection.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
func DefaultSecurityHeaders() *awscloudfront.ResponseSecurityHeadersBehavior {
	return &awscloudfront.ResponseSecurityHeadersBehavior{
		ContentTypeOptions: &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)},
		FrameOptions: &awscloudfront.ResponseHeadersFrameOptions{
			FrameOption: awscloudfront.HeadersFrameOption_SAMEORIGIN,
			Override:    jsii.Bool(false),
		},
		ReferrerPolicy: &awscloudfront.ResponseHeadersReferrerPolicy{
			ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
			Override:       jsii.Bool(false),
		},
		StrictTransportSecurity: &awscloudfront.ResponseHeadersStrictTransportSecurity{
			AccessControlMaxAge: awscdk.Duration_Days(jsii.Number(365)),
			Override:            jsii.Bool(false),
		},
		XssProtection: &awscloudfront.ResponseHeadersXSSProtection{
			Protection: jsii.Bool(true),
			ModeBlock:  jsii.Bool(true),
			Override:   jsii.Bool(false),
		},
	}
}

// defineResponseHeaders returns the policy of the endpoint's response headers,
// or nil if it adds none.
func (e *Endpoint) defineResponseHeaders(props *EndpointProps) awscloudfront.IResponseHeadersPolicy {
	headers := props.SecurityHeaders
	switch {
	case props.ResponseHeadersPolicy != nil:
		return props.ResponseHeadersPolicy
	case headers == nil && props.Cors == nil:
		return awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS()
	case headers == nil:
		headers = DefaultSecurityHeaders()
	case *headers == awscloudfront.ResponseSecurityHeadersBehavior{}:
		headers = nil
	}
	if headers == nil && props.Cors == nil {
		return nil
	}
	return awscloudfront.NewResponseHeadersPolicy(e, jsii.String("ResponseHeadersPolicy"), &awscloudfront.ResponseHeadersPolicyProps{
		ResponseHeadersPolicyName: construct.GlobalName(e),
		Comment:                   e.Node().Path(),
		SecurityHeadersBehavior:   headers,
		CorsBehavior:              props.Cors,
	})
}
