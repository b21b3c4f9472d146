package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// metricPeriod is the period of metrics in minutes.
const metricPeriod = 5

// endpointMetrics are the metrics of an endpoint.
type endpointMetrics struct {
	endpoint *Endpoint
}

// An endpointFunction is a function and the Endpoint or Behavior whose requests it
// serves.
type endpointFunction struct {
	construct constructs.Construct
	function  awslambda.IFunction
}

// An edgeMetric is a sum that CloudFront counts for an edge function.
type edgeMetric struct {
	name, dimension, value string
}

// edge returns a metric of an edge function.
func (m *endpointMetrics) edge(metric edgeMetric) awscloudwatch.IMetric {
	return m.cloudFront(metric.name, "Sum", metric.dimension, &metric.value)
}

// distribution returns a metric of the distribution. OriginLatency is the time to
// the first byte, and one of the additional metrics.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
func (m *endpointMetrics) distribution(name, statistic string) awscloudwatch.IMetric {
	return m.cloudFront(name, statistic, "DistributionId", m.endpoint.Distribution.DistributionId())
}

// cloudFront returns a metric of CloudFront, which all are in us-east-1.
func (m *endpointMetrics) cloudFront(name, statistic, dimension string, value *string) awscloudwatch.IMetric {
	label := name
	if statistic != "Sum" && statistic != "Average" {
		label += " " + statistic
	}
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace:     jsii.String("AWS/CloudFront"),
		MetricName:    jsii.String(name),
		DimensionsMap: &map[string]*string{dimension: value, "Region": jsii.String("Global")},
		Statistic:     jsii.String(statistic),
		Period:        awscdk.Duration_Minutes(jsii.Number(metricPeriod)),
		Region:        jsii.String(construct.EdgeRegion),
		Label:         jsii.String(label),
	})
}

// edgeErrors returns the errors of the edge functions, at most 9: an alarm has at
// most 10 metrics. Lambda's own metrics are in the region where the edge function
// ran; CloudFront's count all regions.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/monitoring-functions.html
// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
// Seen: the metrics of Lambda@Edge, in dashboards of CloudFront's console
func (m *endpointMetrics) edgeErrors() (metrics []edgeMetric) {
	if m.endpoint.BodyHasher != nil {
		for _, name := range []string{"LambdaExecutionError", "LambdaValidationError", "LambdaLimitExceededErrors"} {
			metrics = append(metrics, edgeMetric{name, "DistributionId", *m.endpoint.Distribution.DistributionId()})
		}
	}
	return append(metrics, m.viewerFunctions("FunctionExecutionErrors", "FunctionValidationErrors")...)
}

// viewerFunctions returns metrics of every CloudFront Function.
func (m *endpointMetrics) viewerFunctions(names ...string) (metrics []edgeMetric) {
	functions := []awscloudfront.Function{m.endpoint.OriginalHost, m.endpoint.viewer.other}
	if m.endpoint.StaticFiles != nil {
		functions = append(functions, m.endpoint.StaticFiles.Function)
	}
	for _, function := range functions {
		if function == nil {
			continue
		}
		for _, name := range names {
			metrics = append(metrics, edgeMetric{name, "FunctionName", *function.FunctionName()})
		}
	}
	return metrics
}

// metric returns a metric of the function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (f endpointFunction) metric(name, statistic string) awscloudwatch.IMetric {
	return f.function.Metric(jsii.String(name), &awscloudwatch.MetricOptions{
		Statistic: jsii.String(statistic),
		Period:    awscdk.Duration_Minutes(jsii.Number(metricPeriod)),
		Label:     jsii.String(*f.construct.Node().Id() + " " + statistic),
	})
}
