// Package nag checks the constructs with the AwsSolutions rules of cdk-nag. It
// is a module of its own, so that consumers of cloudfurl don't get cdk-nag.
package nag

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestMain(m *testing.M) { synthtest.Main(m) }

var ruleName = regexp.MustCompile(`^AwsSolutions-[A-Z]+[0-9]+`)

// findings returns the rules that an app violates, each with the construct.
func findings(app awscdk.App) (found []string) {
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
	for _, stack := range *app.Synth(nil).StacksRecursively() {
		for _, message := range *stack.Messages() {
			if rule := ruleName.FindString(fmt.Sprint(message.Entry.Data)); rule != "" {
				found = append(found, rule+" "+*message.Id)
			}
		}
	}
	slices.Sort(found)
	return found
}

func TestEndpoint_leaves_only_findings_that_the_app_decides_on(t *testing.T) {
	const (
		geography  = "AwsSolutions-CFR1 /Chat/Api/Distribution/Resource"
		firewall   = "AwsSolutions-CFR2 /Chat/Api/Distribution/Resource"
		accessLogs = "AwsSolutions-CFR3 /Chat/Api/Distribution/Resource"
		// Python 3.13 is the default, and 3.14 the newest.
		runtime = "AwsSolutions-L1 /Chat/Api/Handler/Function/Resource"
	)
	for name, test := range map[string]struct {
		account *string
		props   func(stack awscdk.Stack) *infra.EndpointProps
		want    []string
	}{
		"by default": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps { return new(infra.EndpointProps) },
			[]string{geography, firewall, accessLogs},
		},
		"with static files": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{StaticFiles: &infra.StaticFilesProps{Directory: jsii.String("../../infra/testdata/site")}}
			},
			[]string{geography, firewall, accessLogs},
		},
		"with a domain name and a web ACL": {
			nil,
			func(stack awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{
					DomainNames: jsii.Strings("chat.example.com"),
					Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
						jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/a")),
					WebAclId: jsii.String("arn:aws:wafv2:us-east-1:111122223333:global/webacl/front/a"),
				}
			},
			[]string{geography, accessLogs},
		},
		"with cached pages and options": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{
					PageCache:           &infra.PageCacheProps{Cookies: jsii.Strings("theme")},
					InvalidationPaths:   jsii.Strings("/*"),
					OriginOptions:       &infra.OriginOptions{OriginProps: awscloudfront.OriginProps{OriginPath: jsii.String("/v1")}},
					DistributionOptions: &awscloudfront.DistributionProps{HttpVersion: awscloudfront.HttpVersion_HTTP2},
				}
			},
			[]string{geography, firewall, accessLogs},
		},
		"with access logs": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{AccessLogs: &infra.AccessLogsOptions{}}
			},
			[]string{geography, firewall},
		},
		"with everything": {
			nil,
			func(stack awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{
					DomainNames: jsii.Strings("chat.example.com"),
					HostedZone: awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
						HostedZoneId: jsii.String("Z0111222333AAABBB"),
						ZoneName:     jsii.String("example.com"),
					}),
					AccessLogs:     &infra.AccessLogsOptions{},
					WebAcl:         &infra.WebAclProps{RateLimit: jsii.Number(1000)},
					GeoRestriction: awscloudfront.GeoRestriction_Allowlist(jsii.String("DE")),
					Cors: &awscloudfront.ResponseHeadersCorsBehavior{
						AccessControlAllowCredentials: jsii.Bool(false),
						AccessControlAllowHeaders:     jsii.Strings("*"),
						AccessControlAllowMethods:     jsii.Strings("ALL"),
						AccessControlAllowOrigins:     jsii.Strings("*"),
						OriginOverride:                jsii.Bool(true),
					},
				}
			},
			nil,
		},
		"with an alias, tracing and insights": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{
					FunctionOptions: &awslambda.FunctionOptions{
						Tracing:         awslambda.Tracing_ACTIVE,
						InsightsVersion: awslambda.LambdaInsightsVersion_VERSION_1_0_333_0(),
					},
					Alias: &infra.AliasOptions{DeploymentConfig: awscodedeploy.LambdaDeploymentConfig_ALL_AT_ONCE()},
				}
			},
			[]string{geography, firewall, accessLogs},
		},
		"of a Python web app": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: infra.WebAppHandler("../../infra/testdata/webapp", &infra.WebAppHandlerProps{Command: "flask run"})}
			},
			[]string{geography, firewall, accessLogs, runtime},
		},
		"of a Node.js web app": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: infra.WebAppHandler("../../infra/testdata/express", &infra.WebAppHandlerProps{Command: "node server.js"})}
			},
			[]string{geography, firewall, accessLogs, runtime},
		},
		"of a container image": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: infra.ImageHandler("../../infra/testdata/image")}
			},
			[]string{geography, firewall, accessLogs},
		},
		"of a Python function": {
			nil,
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: infra.PythonHandler("../../infra/testdata/python")}
			},
			[]string{geography, firewall, accessLogs, runtime},
		},
		"in an account": {
			jsii.String("111122223333"),
			func(awscdk.Stack) *infra.EndpointProps { return new(infra.EndpointProps) },
			[]string{geography, firewall, accessLogs},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := synthtest.NewApp()
			stack := awscdk.NewStack(app, jsii.String("Chat"), &awscdk.StackProps{
				Env: &awscdk.Environment{Account: test.account, Region: jsii.String("eu-west-1")},
			})
			props := test.props(stack)
			if props.Handler == nil {
				props.Handler = infra.GoHandler("./handler")
			}
			endpoint := infra.NewEndpoint(stack, jsii.String("Api"), props)
			infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{
				Endpoint:   endpoint,
				AlarmEmail: jsii.String("ops@example.com"),
			})

			if got := findings(app); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
