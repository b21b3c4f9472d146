package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// AccessLogsOptions configure the access logs of a distribution.
type AccessLogsOptions struct {
	// Retention is how long the logs are kept.
	//
	// Default: awslogs.RetentionDays_ONE_MONTH
	Retention awslogs.RetentionDays
}

// AccessLogsProps are the properties of AccessLogs. Distribution is required.
type AccessLogsProps struct {
	AccessLogsOptions

	// Distribution is the distribution whose requests are logged. It must not
	// have standard logging (v2) yet.
	Distribution awscloudfront.IDistribution
}

// AccessLogs define the access logs of a distribution: CloudFront's standard
// logging (v2), in JSON, to a log group in us-east-1. If the stack is in another
// region, they get a stack of their own: it has the name of the stack and
// "-Monitoring", and must be deployed, too.
type AccessLogs struct {
	construct.Base

	// LogGroup receives the logs. It is in us-east-1 and removed with its stack.
	LogGroup awslogs.LogGroup
}

// NewAccessLogs defines AccessLogs. It panics with an *Error without a
// Distribution, or if the stack has no region.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
func NewAccessLogs(scope constructs.Construct, id *string, props *AccessLogsProps) *AccessLogs {
	defer construct.Within(scope, id, props)()
	if props == nil || props.Distribution == nil {
		construct.Fail(scope, id, "AccessLogs got no Distribution: set the distribution whose requests are logged")
	}
	retention := cmp.Or(props.Retention, awslogs.RetentionDays_ONE_MONTH)

	l := new(AccessLogs)
	constructs.NewConstruct_Override(l, scope, id)
	place := construct.WatchingScope(l, props.Distribution)
	// In us-east-1, a global name has at most the 60 characters that a delivery's
	// source and destination may have.
	name := construct.GlobalName(place)
	l.LogGroup = awslogs.NewLogGroup(place, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		// CloudWatch Logs keeps one policy for all groups below this prefix. Other
		// names are added to it one by one, up to its limit of size.
		// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html
		LogGroupName:  jsii.String("/aws/vendedlogs/cloudfront/" + *name),
		Retention:     retention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	source := awslogs.NewCfnDeliverySource(place, jsii.String("Source"), &awslogs.CfnDeliverySourceProps{
		Name:        name,
		LogType:     jsii.String("ACCESS_LOGS"),
		ResourceArn: construct.DistributionArn(place, props.Distribution.DistributionId()),
	})
	destination := awslogs.NewCfnDeliveryDestination(place, jsii.String("Destination"), &awslogs.CfnDeliveryDestinationProps{
		Name:                   name,
		DestinationResourceArn: l.LogGroup.LogGroupArn(),
		OutputFormat:           jsii.String("json"),
	})
	delivery := awslogs.NewCfnDelivery(place, jsii.String("Delivery"), &awslogs.CfnDeliveryProps{
		DeliverySourceName:     name,
		DeliveryDestinationArn: destination.AttrArn(),
	})
	delivery.AddResourceDependency(source, nil)
	if distribution, ok := props.Distribution.Node().DefaultChild().(awscloudfront.CfnDistribution); ok {
		construct.Suppress(distribution, "AwsSolutions-CFR3", "Standard logging (v2) is defined by a delivery source, which this rule doesn't know.")
	}
	return l
}
