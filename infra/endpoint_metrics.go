package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// MetricRequests returns the number of the viewers' requests. It is in us-east-1, as
// are all metrics of CloudFront: so must be its alarms.
//
// Default: the sum over 5 minutes
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
func (e *Endpoint) MetricRequests(options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	return e.metric("Requests", "Sum", options)
}

// Metric4xxErrorRate returns the percentage of responses with a status of 4xx, in
// us-east-1.
//
// Default: the average over 5 minutes
func (e *Endpoint) Metric4xxErrorRate(options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	return e.metric("4xxErrorRate", "Average", options)
}

// Metric5xxErrorRate returns the percentage of responses with a status of 5xx, in
// us-east-1.
//
// Default: the average over 5 minutes
func (e *Endpoint) Metric5xxErrorRate(options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	return e.metric("5xxErrorRate", "Average", options)
}

// MetricFirstByte returns the time until CloudFront has the first byte of a response
// that isn't in its cache, in milliseconds and in us-east-1. It is one of CloudFront's
// additional metrics, for which AWS charges. Monitoring turns them on; synthesis fails
// if nothing in the app does.
//
// Default: p99 over 5 minutes
func (e *Endpoint) MetricFirstByte(options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	if e.imported == nil {
		synthesis.ChecksOf(e).MeasuresLatency(e.Distribution)
	}
	return e.metric("OriginLatency", "p99", options)
}

// MetricThrottles returns the number of requests to Function that Lambda throttled,
// so that viewers get a 429, in the function's region. A Behavior has its own
// Function. It panics with an *Error if an Origin serves the requests.
//
// Default: the sum over 5 minutes
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (e *Endpoint) MetricThrottles(options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	if e.Function == nil {
		construct.Fail(e, nil, "MetricThrottles got no Function: an Origin serves the requests, use the metrics of what is behind it")
	}
	return e.Function.MetricThrottles(options)
}

func (e *Endpoint) metric(name, statistic string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
	defer construct.Reporting(e, nil)()
	return edgeMetric{name, "DistributionId", *e.DistributionId()}.over5Minutes(statistic).With(construct.CopyOf(options))
}

// An edgeMetric is a number that CloudFront counts for a distribution or an edge
// function.
type edgeMetric struct {
	name, dimension, value string
}

// over5Minutes returns a statistic of the metric. CDK's own metrics of a distribution
// lack the dimension Region and the region, so they have no values.
//
// See: https://github.com/aws/aws-cdk/issues/19245
func (m edgeMetric) over5Minutes(statistic string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace:     jsii.String("AWS/CloudFront"),
		MetricName:    jsii.String(m.name),
		DimensionsMap: &map[string]*string{m.dimension: &m.value, "Region": jsii.String("Global")},
		Statistic:     jsii.String(statistic),
		Region:        jsii.String(construct.EdgeRegion),
	})
}

// edgeErrors returns the errors of the edge functions. Lambda's own metrics are in the
// region where the edge function ran; CloudFront's count all regions.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/monitoring-functions.html
// Seen: the metrics of Lambda@Edge, in dashboards of CloudFront's console
func (e *Endpoint) edgeErrors() (metrics []edgeMetric) {
	if e.BodyHasher != nil {
		for _, name := range []string{"LambdaExecutionError", "LambdaValidationError", "LambdaLimitExceededErrors"} {
			metrics = append(metrics, edgeMetric{name, "DistributionId", *e.DistributionId()})
		}
	}
	return append(metrics, e.viewerFunctionMetrics("FunctionExecutionErrors", "FunctionValidationErrors")...)
}

// viewerFunctionMetrics returns metrics of every CloudFront Function.
func (e *Endpoint) viewerFunctionMetrics(names ...string) (metrics []edgeMetric) {
	functions := append([]awscloudfront.Function{e.OriginalHost}, e.viewer.all...)
	if e.StaticFiles != nil {
		functions = append(functions, e.StaticFiles.Function)
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

// An endpointFunction is a function and the Endpoint or Behavior whose requests it
// serves.
type endpointFunction struct {
	construct constructs.Construct
	function  awslambda.IFunction
}

// metric returns a metric of the function over 5 minutes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (f endpointFunction) metric(name, statistic string) awscloudwatch.IMetric {
	return f.function.Metric(jsii.String(name), &awscloudwatch.MetricOptions{
		Statistic: jsii.String(statistic),
		Label:     jsii.String(*f.construct.Node().Id() + " " + statistic),
	})
}
