package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// newMonitoring defines an endpoint with a further function, and its monitoring.
func newMonitoring(app awscdk.App, region string, props infra.MonitoringProps) *infra.Monitoring {
	stack := newStack(app, "Consumer", region)
	props.Endpoint = newEndpoint(stack, infra.EndpointProps{})
	props.Endpoint.AddBehavior(jsii.String("Feed"), &infra.BehaviorProps{
		PathPattern:    jsii.String("/feed"),
		Handler:        infra.GoHandler("./testdata/handler"),
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
	return infra.NewMonitoring(stack, jsii.String("Monitoring"), &props)
}

// metricsOf returns the names of the metrics in the alarms of a template.
func metricsOf(t *testing.T, tmpl synthtest.Template) (names []string) {
	t.Helper()
	for _, alarm := range tmpl.Resources("AWS::CloudWatch::Alarm") {
		if name, ok := alarm.Properties["MetricName"].(string); ok {
			names = append(names, name)
		}
		metrics, _ := alarm.Properties["Metrics"].([]any)
		for i := range metrics {
			if stat, ok := metrics[i].(map[string]any)["MetricStat"]; ok {
				names = append(names, synthtest.At(t, stat, "Metric", "MetricName").(string))
			}
		}
	}
	slices.Sort(names)
	return names
}

func TestMonitoring_has_its_alarms_where_their_metrics_are(t *testing.T) {
	cloudFront := []string{
		"5xxErrorRate", "FunctionExecutionErrors", "FunctionValidationErrors",
		"LambdaExecutionError", "LambdaLimitExceededErrors", "LambdaValidationError", "OriginLatency",
	}
	lambda := []string{"Throttles", "Throttles"}
	for region, want := range map[string]map[string][]string{
		"eu-west-1": {"Consumer-Monitoring": cloudFront, "Consumer": lambda},
		"us-east-1": {"Consumer": append(slices.Clone(cloudFront), lambda...)},
	} {
		t.Run(region, func(t *testing.T) {
			app := newApp()
			newMonitoring(app, region, infra.MonitoringProps{AlarmEmail: jsii.String("ops@example.com")})
			templates := synthtest.Templates(app)
			for stack, metrics := range want {
				if got := metricsOf(t, templates[stack]); !slices.Equal(got, metrics) {
					t.Errorf("got alarms on %q in %s, want %q", got, stack, metrics)
				}
				topic := templates[stack].Only(t, "AWS::SNS::Topic").LogicalID
				if got := templates[stack].Only(t, "AWS::SNS::Subscription").Properties["Endpoint"]; got != "ops@example.com" {
					t.Errorf("got %v as subscriber, want the address", got)
				}
				policy := synthtest.Text(t, templates[stack].Only(t, "AWS::SNS::TopicPolicy").Properties)
				for _, want := range []string{"cloudwatch.amazonaws.com", "aws:SourceAccount", "aws:SecureTransport"} {
					if !strings.Contains(policy, want) {
						t.Errorf("got topic policy %s, want %s in it", policy, want)
					}
				}
				for _, alarm := range templates[stack].Resources("AWS::CloudWatch::Alarm") {
					if got := synthtest.At(t, alarm.Properties, "AlarmActions", 0, "Ref"); got != topic {
						t.Errorf("got action %v, want the topic %s", got, topic)
					}
					if got := alarm.Properties["TreatMissingData"]; got != "notBreaching" {
						t.Errorf("got TreatMissingData %v, want notBreaching: nobody calls at night", got)
					}
					text := alarm.Properties["AlarmDescription"].(string)
					if !strings.HasSuffix(text, ".") || strings.Count(text, ". ") < 1 || !strings.Contains(text, "Consumer/Api") {
						t.Errorf("got %q, want a sentence about Consumer/Api, and one that says what to do", text)
					}
				}
			}
			if region != "us-east-1" {
				snaps.MatchJSON(t, synthtest.Normalize(map[string]any(templates["Consumer-Monitoring"])))
			}
			if region == "us-east-1" && templates["Consumer-Monitoring"] != nil {
				t.Error("got a stack beside one in us-east-1, want the alarms in it")
			}
		})
	}
}

func TestMonitoring_dashboard_shows_the_metrics_of_both_regions(t *testing.T) {
	app := newApp()
	monitoring := newMonitoring(app, "eu-west-1", infra.MonitoringProps{})
	templates := synthtest.Templates(app)
	consumer := templates["Consumer"]

	body := synthtest.Text(t, consumer.Only(t, "AWS::CloudWatch::Dashboard").Properties["DashboardBody"])
	for _, want := range []string{
		"Requests", "5xxErrorRate", "OriginLatency", "Duration", "Errors", "Throttles", "ConcurrentExecutions",
		"LambdaExecutionError", "FunctionExecutionErrors", "FunctionThrottles", `\"region\":\"us-east-1\"`, `{"Ref":"AWS::Region"}`, "Api p99", "Feed p99",
	} {
		if !strings.Contains(strings.ReplaceAll(body, `\\`, `\`), want) {
			t.Errorf("got dashboard %s, want %s in it", body, want)
		}
	}
	if got := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::MonitoringSubscription").Properties, "MonitoringSubscription",
		"RealtimeMetricsSubscriptionConfig", "RealtimeMetricsSubscriptionStatus"); got != "Enabled" {
		t.Errorf("got additional metrics %v, want Enabled, since the first byte is one", got)
	}
	if got := *monitoring.Url(); !strings.HasPrefix(got, "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards") {
		t.Errorf("got %s, want an address in the console", got)
	}
	for stack, tmpl := range templates {
		if got := len(tmpl.Resources("AWS::SNS::Topic")); got != 0 {
			t.Errorf("got %d topics in %s, want none without an address", got, stack)
		}
	}
}

func TestMonitoring_without_additional_metrics_leaves_the_first_byte_out(t *testing.T) {
	app := newApp()
	newMonitoring(app, "us-east-1", infra.MonitoringProps{
		PublishAdditionalMetrics: jsii.Bool(false),
		ErrorRateThreshold:       jsii.Number(0.5),
	})
	consumer := synthtest.Templates(app)["Consumer"]

	if got := len(consumer.Resources("AWS::CloudFront::MonitoringSubscription")); got != 0 {
		t.Errorf("got %d subscriptions, want none", got)
	}
	if text := synthtest.Text(t, consumer); strings.Contains(text, "OriginLatency") {
		t.Error("got OriginLatency, want it neither on the dashboard nor in an alarm")
	}
	if text := synthtest.Text(t, consumer); !strings.Contains(text, "More than 0.5 % of the requests") {
		t.Error("want the threshold in the alarm's text")
	}
}

func TestMonitoring_uses_the_additional_metrics_of_the_distribution(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{DistributionOptions: &awscloudfront.DistributionProps{PublishAdditionalMetrics: jsii.Bool(true)}})
	for _, id := range []string{"Monitoring", "Other"} {
		infra.NewMonitoring(stack, jsii.String(id), &infra.MonitoringProps{Endpoint: endpoint})
	}
	consumer := synthtest.Templates(app)["Consumer"]
	if got := consumer.Only(t, "AWS::CloudFront::MonitoringSubscription").LogicalID; !strings.HasPrefix(got, "ApiDistribution") {
		t.Errorf("got the subscription %s, want the distribution's", got)
	}
	if got := metricsOf(t, consumer); !slices.Contains(got, "OriginLatency") {
		t.Errorf("got alarms on %q, want one on the first byte", got)
	}
}

func TestEndpoint_rejects_behaviors_after_its_monitoring(t *testing.T) {
	message := synthtest.Failure(t, func() {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		endpoint := newEndpoint(stack, infra.EndpointProps{})
		infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})
		endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
			PathPattern: jsii.String("/agent"),
			Handler:     infra.GoHandler("./testdata/handler"),
		})
	})
	if !strings.Contains(message, "/Agent: got a behavior after the endpoint's Monitoring") {
		t.Errorf("got %q", message)
	}
}

func TestMonitoring_rejects(t *testing.T) {
	for name, test := range map[string]struct {
		region string
		props  func(stack awscdk.Stack) infra.MonitoringProps
		want   []string
	}{
		"a stack without a region": {
			"", func(awscdk.Stack) infra.MonitoringProps { return infra.MonitoringProps{} },
			[]string{"Consumer/Monitoring", "without a region", "Env.Region"},
		},
		"topics of another region only": {
			"eu-west-1",
			func(stack awscdk.Stack) infra.MonitoringProps {
				return infra.MonitoringProps{AlarmTopics: &[]awssns.ITopic{awssns.NewTopic(stack, jsii.String("Topic"), nil)}}
			},
			[]string{"Consumer/Monitoring", "AlarmTopics without one in us-east-1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() {
				stack := newStack(newApp(), "Consumer", test.region)
				props := test.props(stack)
				props.Endpoint = newEndpoint(stack, infra.EndpointProps{})
				infra.NewMonitoring(stack, jsii.String("Monitoring"), &props)
			})
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestMonitoring_alarms_on_the_errors_of_all_edge_functions(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)},
	})
	endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern: jsii.String("/agent/*"),
		Handler:     infra.GoHandler("./testdata/handler"),
		BodyHashing: infra.BodyHashing_VIEWER,
	})
	endpoint.AddBehavior(jsii.String("Mcp"), &infra.BehaviorProps{
		PathPattern:   jsii.String("/mcp"),
		Handler:       infra.GoHandler("./testdata/handler"),
		Authorization: &infra.AuthorizationOptions{Issuer: jsii.String("https://issuer.example.com"), Resource: jsii.String("/mcp")},
	})
	infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})

	tmpl, watched := synthtest.Templates(app)["Consumer"], 0
	for _, alarm := range tmpl.Resources("AWS::CloudWatch::Alarm") {
		if !strings.Contains(alarm.LogicalID, "EdgeErrors") {
			continue
		}
		metrics := len(alarm.Properties["Metrics"].([]any))
		if metrics > 10 {
			t.Errorf("got %d metrics in one alarm, and CloudWatch allows 10", metrics)
		}
		watched += metrics - 1 // the expression is one of them in the template
	}
	if functions := len(tmpl.Resources("AWS::CloudFront::Function")); watched != 3+2*functions || functions != 4 {
		t.Errorf("got %d metrics, want 3 of Lambda@Edge and 2 of each of %d CloudFront Functions, and 4 of these", watched, functions)
	}
}
