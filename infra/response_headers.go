package infra

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
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

// defineResponseHeaders returns the policy of the response headers in scope, the
// endpoint or a behavior with its own authorization, or nil if it adds none.
func (p *EndpointProps) defineResponseHeaders(scope constructs.Construct, authorization *AuthorizationOptions) awscloudfront.IResponseHeadersPolicy {
	headers, challenge := p.SecurityHeaders, authorization.challenge()
	switch {
	case p.ResponseHeadersPolicy != nil:
		return p.ResponseHeadersPolicy
	case headers == nil && p.Cors == nil && challenge == nil:
		return awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS()
	case headers == nil:
		headers = DefaultSecurityHeaders()
	case *headers == awscloudfront.ResponseSecurityHeadersBehavior{}:
		headers = nil
	}
	if headers == nil && p.Cors == nil && challenge == nil {
		return nil
	}
	return awscloudfront.NewResponseHeadersPolicy(scope, jsii.String("ResponseHeadersPolicy"), &awscloudfront.ResponseHeadersPolicyProps{
		ResponseHeadersPolicyName: construct.GlobalName(scope),
		Comment:                   scope.Node().Path(),
		SecurityHeadersBehavior:   headers,
		CorsBehavior:              p.Cors,
		CustomHeadersBehavior:     challenge,
	})
}

// functionUrlCors returns the CORS settings of a function URL for those of a
// response headers policy, which may be nil. The policy only adds headers: the
// URL responds to preflight requests, without running the handler.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
//
// Inferred: it also does so for preflight requests that CloudFront has signed.
func functionUrlCors(cors *awscloudfront.ResponseHeadersCorsBehavior) *awslambda.FunctionUrlCorsOptions {
	if cors == nil {
		return nil
	}
	var methods []awslambda.HttpMethod
	for _, method := range *cors.AccessControlAllowMethods {
		// Function URLs don't list OPTIONS. Browsers don't ask for it.
		if *method != "OPTIONS" {
			methods = append(methods, awslambda.HttpMethod(*method))
		}
	}
	return &awslambda.FunctionUrlCorsOptions{
		AllowCredentials: cors.AccessControlAllowCredentials,
		AllowedHeaders:   cors.AccessControlAllowHeaders,
		AllowedMethods:   &methods,
		AllowedOrigins:   cors.AccessControlAllowOrigins,
		ExposedHeaders:   cors.AccessControlExposeHeaders,
		MaxAge:           cors.AccessControlMaxAge,
	}
}

// checkCors panics with an *Error about the construct id in scope unless browsers
// and the function URL accept the settings, which may be nil. The CDK checks methods and
// MaxAge.
func checkCors(scope constructs.Construct, id *string, cors *awscloudfront.ResponseHeadersCorsBehavior) {
	if cors == nil {
		return
	}
	for _, required := range []struct {
		name string
		list *[]*string
	}{
		{"AccessControlAllowHeaders", cors.AccessControlAllowHeaders},
		{"AccessControlAllowMethods", cors.AccessControlAllowMethods},
		{"AccessControlAllowOrigins", cors.AccessControlAllowOrigins},
	} {
		if required.list == nil || len(*required.list) == 0 {
			construct.Fail(scope, id, "got Cors without %s: set at least one", required.name)
		}
	}
	credentials := cors.AccessControlAllowCredentials != nil && *cors.AccessControlAllowCredentials
	for _, origin := range *cors.AccessControlAllowOrigins {
		switch {
		case !construct.IsConcrete(origin):
		case *origin == "*" && credentials:
			construct.Fail(scope, id, "got Cors with AccessControlAllowCredentials for the origin *, which browsers reject: list the origins")
		case *origin != "*" && strings.Contains(*origin, "*"):
			construct.Fail(scope, id, "got the origin %s in Cors: the function URL responds to preflight requests and needs whole origins, "+
				"list them, or set a ResponseHeadersPolicy and let the handler respond to OPTIONS", *origin)
		case *origin != "*" && (!strings.Contains(*origin, "://") || strings.Count(*origin, "/") > 2):
			construct.Fail(scope, id, `got the origin %s in Cors: use scheme and host, such as "https://www.example.com"`, *origin)
		}
	}
}

// allowsHeader reports whether pages of other origins may send a header.
func allowsHeader(cors *awscloudfront.ResponseHeadersCorsBehavior, name string) bool {
	return slices.ContainsFunc(*cors.AccessControlAllowHeaders, func(header *string) bool {
		return !construct.IsConcrete(header) || *header == "*" || strings.EqualFold(*header, name)
	})
}
