// Package contract holds the names that the constructs, the edge functions, the
// handlers and the local edge share. It imports nothing, so that a handler that
// needs a name doesn't link the CDK.
package contract

// Headers that the edge functions write and the handlers read. original_host
// overwrites or removes what a viewer sends under these names.
const (
	// HeaderOriginalHost carries the Host header of the viewer's request. A
	// function URL requires its own domain in Host.
	HeaderOriginalHost = "X-Original-Host"

	// HeaderForwardedHost carries the same, for frameworks that read it.
	HeaderForwardedHost = "X-Forwarded-Host"

	// HeaderOriginalAuthorization carries the Authorization header of the
	// viewer's request, which origin access control replaces with its own
	// signature.
	HeaderOriginalAuthorization = "X-Original-Authorization"
)

// HeaderContentSHA256 carries the lower-case hexadecimal SHA-256 of the request
// body. Lambda rejects a body whose hash isn't signed, and CloudFront signs the
// hash that the request already has.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
const HeaderContentSHA256 = "X-Amz-Content-Sha256"

// Names of the outputs of the Cloudfurl stack.
const (
	OutputDistributionURL = "DistributionUrl"
	OutputFunctionName    = "FunctionName"
	OutputFunctionURL     = "FunctionUrl"
	OutputLogGroupName    = "LogGroupName"
	OutputDashboardURL    = "DashboardUrl"
)

// AWS's Lambda Web Adapter that the constructs add: its version in images, and the
// version of AWS's public layers with the same.
//
// See: https://github.com/aws/aws-lambda-web-adapter/pull/871
const AdapterVersion, AdapterLayerVersion = "1.1.0", "30"

// EnvironmentAgentModel chooses the model of functions/agent.
const EnvironmentAgentModel = "AGENT_MODEL"

// EnvironmentRunsTable is the name of the table in which functions/runs records runs.
const EnvironmentRunsTable = "RUNS_TABLE"
