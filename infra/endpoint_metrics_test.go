package infra_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_metrics_are_those_that_AWS_counts(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{})
	ofDistribution := map[string]any{"DistributionId": endpoint.DistributionId(), "Region": jsii.String("Global")}
	for name, c := range map[string]struct {
		metric    func(*awscloudwatch.MetricOptions) awscloudwatch.Metric
		namespace string
		statistic string
		region    string
	}{
		"Requests":      {endpoint.MetricRequests, "AWS/CloudFront", "Sum", "us-east-1"},
		"4xxErrorRate":  {endpoint.Metric4xxErrorRate, "AWS/CloudFront", "Average", "us-east-1"},
		"5xxErrorRate":  {endpoint.Metric5xxErrorRate, "AWS/CloudFront", "Average", "us-east-1"},
		"OriginLatency": {endpoint.MetricFirstByte, "AWS/CloudFront", "p99", "us-east-1"},
		"Throttles":     {endpoint.MetricThrottles, "AWS/Lambda", "Sum", "eu-west-1"},
	} {
		metric := c.metric(nil)
		config := metric.ToMetricConfig().MetricStat
		if *config.MetricName != name || *config.Namespace != c.namespace || *config.Statistic != c.statistic || *metric.Region() != c.region {
			t.Errorf("got %s of %s, %s in %s, want %s of %s, %s in %s", *config.MetricName, *config.Namespace, *config.Statistic, *metric.Region(), name, c.namespace, c.statistic, c.region)
		}
		if c.namespace == "AWS/CloudFront" {
			got := *metric.Dimensions()
			if !maps.EqualFunc(got, ofDistribution, func(got, want any) bool { return got == *want.(*string) }) {
				t.Errorf("got %v as dimensions of %s, want the distribution and Region Global, without which CloudWatch finds nothing", got, name)
			}
		}
		changed := c.metric(&awscloudwatch.MetricOptions{Statistic: jsii.String("p90"), Label: jsii.String("Mine"), Period: awscdk.Duration_Minutes(jsii.Number(1))})
		if *changed.Statistic() != "p90" || *changed.Label() != "Mine" || *changed.Period().ToSeconds(nil) != 60 || *changed.Region() != c.region {
			t.Errorf("got %s, want %s with the options, in the same region", *changed.ToString(), name)
		}
	}
}

func TestEndpoint_alarm_in_another_region_is_rejected(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{})
	synthtest.Failure(t, func() {
		endpoint.Metric5xxErrorRate(nil).CreateAlarm(stack, jsii.String("Alarm"), &awscloudwatch.CreateAlarmOptions{
			Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
		})
	})
}

func TestEndpoint_throttles_are_those_of_its_function(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)})
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Origin: origin.Origin})
	message := synthtest.Failure(t, func() { endpoint.MetricThrottles(nil) })
	if !strings.HasPrefix(message, "Consumer/Api: MetricThrottles got no Function") {
		t.Errorf("got %q", message)
	}
}

func TestEndpoint_first_byte_needs_additional_metrics(t *testing.T) {
	for name, c := range map[string]struct {
		define func(stack awscdk.Stack, endpoint *infra.Endpoint)
		want   string
	}{
		"nothing": {func(awscdk.Stack, *infra.Endpoint) {}, "Consumer/Api/Distribution: MetricFirstByte has no values without CloudFront's additional metrics"},
		"Monitoring": {func(stack awscdk.Stack, endpoint *infra.Endpoint) {
			infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})
		}, ""},
		"Monitoring without them": {func(stack awscdk.Stack, endpoint *infra.Endpoint) {
			infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint, PublishAdditionalMetrics: jsii.Bool(false)})
		}, "MetricFirstByte has no values"},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			endpoint := newEndpoint(stack, infra.EndpointProps{})
			endpoint.MetricFirstByte(nil)
			c.define(stack, endpoint)
			if c.want == "" {
				app.Synth(nil)
			} else if message := synthtest.Failure(t, func() { app.Synth(nil) }); !strings.Contains(message, c.want) {
				t.Errorf("got %q, want %q", message, c.want)
			}
		})
	}
}
