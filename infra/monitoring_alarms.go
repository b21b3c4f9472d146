package infra

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// defineAlarms defines the alarms. CloudWatch raises alarms only on metrics of
// its own region, and notifies only topics there.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
func (m *Monitoring) defineAlarms() {
	path := *m.props.Endpoint.Node().Path()
	errorRate := *cmp.Or(m.props.ErrorRateThreshold, jsii.Number(5))
	m.alarm(m.edge, "ErrorRate", m.props.Endpoint.Metric5xxErrorRate(nil), errorRate,
		fmt.Sprintf("More than %v %% of the requests to %s fail with a 5xx status. See on the dashboard whether the function or an edge function "+
			"fails, read its logs, and roll back the last deployment if it began then.", errorRate, path))
	for i, metrics := range slices.Collect(slices.Chunk(m.props.Endpoint.edgeErrors(), maxMetrics-1)) {
		m.alarm(m.edge, numbered("EdgeErrors", i), sumOf(metrics), 0,
			fmt.Sprintf("An edge function of %s fails, so viewers get a 502 or 503. Read its logs in the regions near those viewers, "+
				"and roll back the last deployment if it began then.", path))
	}
	if m.publishesAdditionalMetrics() {
		limit := cmp.Or(m.props.FirstByteThreshold, awscdk.Duration_Seconds(jsii.Number(5)))
		m.alarm(m.edge, "FirstByte", m.props.Endpoint.MetricFirstByte(nil), *limit.ToMilliseconds(nil),
			fmt.Sprintf("One in a hundred requests to %s waits longer than %v ms for the first byte. Look for cold starts and slow calls in the "+
				"function's logs. More memory or provisioned concurrency helps against cold starts.", path, *limit.ToMilliseconds(nil)))
	}
	for i, function := range m.props.Endpoint.functions {
		m.alarm(m, numbered("Throttles", i), function.metric("Throttles", "Sum"), 0,
			fmt.Sprintf("Lambda throttles the function of %s, so viewers get a 429. Raise its reserved concurrency, or the quota of the account.",
				*function.construct.Node().Path()))
	}
}

// maxMetrics is how many metrics an alarm may have, with the expression of them.
//
// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
const maxMetrics = 10

// numbered returns the id of an alarm of which there may be several.
func numbered(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + strconv.Itoa(i)
}

func (m *Monitoring) alarm(scope constructs.Construct, id string, metric awscloudwatch.IMetric, threshold float64, description string) {
	alarm := newAlarm(scope, id, metric, threshold, description)
	for _, topic := range m.topics(scope) {
		alarm.AddAlarmAction(&topicAction{topic.TopicArn()})
		alarm.AddOkAction(&topicAction{topic.TopicArn()})
	}
	m.Alarms = append(m.Alarms, alarm)
}

// newAlarm defines an alarm that is raised while a metric is above a threshold.
func newAlarm(scope constructs.Construct, id string, metric awscloudwatch.IMetric, threshold float64, description string) awscloudwatch.Alarm {
	return awscloudwatch.NewAlarm(scope, &id, &awscloudwatch.AlarmProps{
		AlarmDescription:   &description,
		Metric:             metric,
		Threshold:          &threshold,
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD,
		EvaluationPeriods:  jsii.Number(1),
		TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING,
	})
}

func (m *Monitoring) topics(scope constructs.Construct) (topics []awssns.ITopic) {
	region := construct.EnvironmentOf(scope).Region
	if m.props.AlarmTopics != nil {
		for _, topic := range *m.props.AlarmTopics {
			if *topic.Env().Region == region {
				topics = append(topics, topic)
			}
		}
		if len(topics) == 0 {
			construct.Fail(m, nil, "got AlarmTopics without one in %s: alarms of that region can't notify topics in others, add a topic there", region)
		}
	}
	if m.props.AlarmEmail != nil {
		topics = append(topics, m.mailTopic(scope))
	}
	return topics
}

// mailTopic finds or defines the topic in scope that sends to AlarmEmail.
func (m *Monitoring) mailTopic(scope constructs.Construct) awssns.ITopic {
	const id = "Topic"
	if topic, ok := scope.Node().TryFindChild(jsii.String(id)).(awssns.ITopic); ok {
		return topic
	}
	topic := awssns.NewTopic(scope, jsii.String(id), &awssns.TopicProps{
		DisplayName: jsii.String("Alarms of " + *m.props.Endpoint.Node().Path()),
		EnforceSSL:  jsii.Bool(true),
	})
	// EnforceSSL's policy replaces the default one, which lets CloudWatch publish.
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:    jsii.Strings("sns:Publish"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Resources:  &[]*string{topic.TopicArn()},
		Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Stack_Of(scope).Account()}},
	}))
	construct.Suppress(topic, "AwsSolutions-SNS2", "Alarm texts aren't secret, and CloudWatch can't publish to a topic that AWS's own key encrypts.")
	awssns.NewSubscription(scope, jsii.String("Email"), &awssns.SubscriptionProps{
		Topic:    topic,
		Protocol: awssns.SubscriptionProtocol_EMAIL,
		Endpoint: m.props.AlarmEmail,
	})
	return topic
}

// sumOf returns the sum of metrics over 5 minutes.
func sumOf(metrics []edgeMetric) awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	var terms []string
	for i, metric := range metrics {
		id := "m" + strconv.Itoa(i)
		using[id] = metric.over5Minutes("Sum")
		terms = append(terms, "FILL("+id+", 0)")
	}
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression:   jsii.String(strings.Join(terms, " + ")),
		UsingMetrics: &using,
		Label:        jsii.String("Errors"),
	})
}

// A topicAction notifies a topic of an alarm. Unlike CDK's SnsAction it spares
// apps the import of awscloudwatchactions.
type topicAction struct {
	topicArn *string
}

// Bind returns the action.
func (a *topicAction) Bind(constructs.Construct, awscloudwatch.IAlarm) *awscloudwatch.AlarmActionConfig {
	return &awscloudwatch.AlarmActionConfig{AlarmActionArn: a.topicArn}
}
