package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// MonitoringProps are the properties of a Monitoring. Endpoint is required.
type MonitoringProps struct {
	// Endpoint is what to monitor, with the behaviors that it has: define them before.
	Endpoint *Endpoint

	// AlarmEmail is the address that alarms are sent to. It gets a message to
	// confirm from each region that has alarms.
	//
	// Default: none
	AlarmEmail *string

	// AlarmTopics are topics that alarms are sent to. An alarm uses those of its
	// region: us-east-1 for CloudFront, and the function's.
	//
	// Default: none
	AlarmTopics *[]awssns.ITopic

	// ErrorRateThreshold is the rate of 5xx responses, in percent of the requests
	// of 5 minutes, above which an alarm is raised.
	//
	// Default: 5
	ErrorRateThreshold *float64

	// FirstByteThreshold is the time to the first byte that 99 % of the requests
	// of 5 minutes must keep.
	//
	// Default: 5 seconds
	FirstByteThreshold awscdk.Duration

	// PublishAdditionalMetrics turns on CloudFront's additional metrics, which AWS
	// charges for, unless DistributionOptions of the endpoint do. Without them the
	// time to the first byte is unknown.
	//
	// Default: true
	PublishAdditionalMetrics *bool
}

// A Monitoring defines a dashboard of an Endpoint, and alarms for 5xx responses,
// errors of edge functions, the time to the first byte and throttled functions.
// CloudFront's alarms are in us-east-1. If the stack is in another region, they
// get a stack of their own: it has the name of the stack and "-Monitoring", and
// must be deployed, too.
type Monitoring struct {
	construct.Base

	// Dashboard shows requests, errors, first byte, duration, throttles and
	// concurrency.
	Dashboard awscloudwatch.Dashboard

	// Alarms are all alarms, in us-east-1 and in the function's region.
	Alarms []awscloudwatch.Alarm

	props MonitoringProps
	edge  constructs.Construct
}

// NewMonitoring defines a Monitoring. It panics with an *Error without an
// Endpoint, if the stack has no region, or if there are AlarmTopics but none in
// the region of an alarm.
func NewMonitoring(scope constructs.Construct, id *string, props *MonitoringProps) *Monitoring {
	defer construct.Within(scope, id, props)()
	if props == nil || props.Endpoint == nil {
		construct.Fail(scope, id, "Monitoring got no Endpoint: set the endpoint to monitor")
	}
	if construct.EnvironmentOf(scope) != construct.EnvironmentOf(props.Endpoint) {
		construct.Fail(scope, id, "got the Endpoint %s of another account or region: define its Monitoring there", *props.Endpoint.Node().Path())
	}

	m := &Monitoring{props: *props}
	constructs.NewConstruct_Override(m, scope, id)
	m.edge = construct.WatchingScope(m, props.Endpoint.Distribution)
	// DistributionProps.PublishAdditionalMetrics defines the same, and CloudFront rejects a second one.
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateMonitoringSubscription.html
	if m.publishesAdditionalMetrics() && props.Endpoint.Distribution.Node().TryFindChild(jsii.String("MonitoringSubscription")) == nil {
		awscloudfront.NewCfnMonitoringSubscription(m, jsii.String("AdditionalMetrics"), &awscloudfront.CfnMonitoringSubscriptionProps{
			DistributionId: props.Endpoint.Distribution.DistributionId(),
			MonitoringSubscription: &awscloudfront.CfnMonitoringSubscription_MonitoringSubscriptionProperty{
				RealtimeMetricsSubscriptionConfig: &awscloudfront.CfnMonitoringSubscription_RealtimeMetricsSubscriptionConfigProperty{
					RealtimeMetricsSubscriptionStatus: jsii.String("Enabled"),
				},
			},
		})
	}
	m.defineAlarms()
	m.Dashboard = awscloudwatch.NewDashboard(m, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{
		Widgets: m.widgets(),
	})
	props.Endpoint.monitored = true
	return m
}

// Url returns the address of the dashboard in AWS's console.
func (m *Monitoring) Url() *string {
	region := *awscdk.Stack_Of(m).Region()
	return jsii.String(fmt.Sprintf("https://%s.console.aws.amazon.com/cloudwatch/home?region=%[1]s#dashboards/dashboard/%s", region, *m.Dashboard.DashboardName()))
}

func (m *Monitoring) publishesAdditionalMetrics() bool {
	return m.props.PublishAdditionalMetrics == nil || *m.props.PublishAdditionalMetrics
}

func newGraph(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.GraphWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title: jsii.String(title),
		Width: jsii.Number(8),
		Left:  &metrics,
	})
}

func (m *Monitoring) widgets() *[]*[]awscloudwatch.IWidget {
	endpoint := m.props.Endpoint
	first := []awscloudwatch.IWidget{
		newGraph("Requests", endpoint.MetricRequests(nil)),
		newGraph("Errors (% of requests)", endpoint.Metric4xxErrorRate(nil), endpoint.Metric5xxErrorRate(nil)),
	}
	if m.publishesAdditionalMetrics() {
		var metrics []awscloudwatch.IMetric
		for _, statistic := range []string{"p50", "p99"} {
			metrics = append(metrics, endpoint.MetricFirstByte(&awscloudwatch.MetricOptions{Statistic: &statistic, Label: &statistic}))
		}
		first = append(first, newGraph("First byte (ms)", metrics...))
	}
	var duration, errors, throttles, concurrency, edge []awscloudwatch.IMetric
	for _, function := range endpoint.functions {
		duration = append(duration, function.metric("Duration", "p50"), function.metric("Duration", "p99"))
		errors = append(errors, function.metric("Errors", "Sum"))
		throttles = append(throttles, function.metric("Throttles", "Sum"))
		concurrency = append(concurrency, function.metric("ConcurrentExecutions", "Maximum"))
	}
	for _, metric := range append(endpoint.edgeErrors(), endpoint.viewerFunctionMetrics("FunctionThrottles")...) {
		edge = append(edge, metric.over5Minutes("Sum"))
	}
	return &[]*[]awscloudwatch.IWidget{
		&first,
		{newGraph("Duration of streams (ms)", duration...), newGraph("Function errors", errors...), newGraph("Throttles", throttles...)},
		{newGraph("Concurrency", concurrency...), newGraph("Errors of edge functions, all regions", edge...)},
	}
}
