package restapi

import (
	"cmp"
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// logFormat are the fields of a line of access logs: who, what, and what became of it.
// No header is among them, since the API key is one.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
var logFormat = map[string]string{
	"requestId":          "$context.requestId",
	"time":               "$context.requestTime",
	"ip":                 "$context.identity.sourceIp",
	"caller":             "$context.identity.userArn",
	"method":             "$context.httpMethod",
	"path":               "$context.path",
	"status":             "$context.status",
	"bytes":              "$context.responseLength",
	"latency":            "$context.responseLatency",
	"integrationLatency": "$context.integrationLatency",
	"error":              "$context.error.message",
}

// defineAccessLogs lets the stage log to a group of its own.
func (a *StreamingRestApi) defineAccessLogs(options *infra.AccessLogsOptions, deploy *awsapigateway.StageOptions) {
	a.AccessLogGroup = awslogs.NewLogGroup(a, jsii.String("AccessLogGroup"), &awslogs.LogGroupProps{
		Retention:     cmp.Or(options.Retention, awslogs.RetentionDays_ONE_MONTH),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	deploy.AccessLogDestination = awsapigateway.NewLogGroupLogDestination(a.AccessLogGroup)
	if deploy.AccessLogFormat == nil {
		format, _ := json.Marshal(logFormat) // strings only
		deploy.AccessLogFormat = awsapigateway.AccessLogFormat_Custom(jsii.String(string(format)))
	}
}
