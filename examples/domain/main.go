// Domain is an endpoint for production: at chat.example.com, behind a web ACL,
// with alarms by e-mail, for pages of www.example.com, too.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Domain"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("eu-west-1")},
	})
	zone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
		HostedZoneId: jsii.String("Z0111222333AAABBB"),
		ZoneName:     jsii.String("example.com"),
	})
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./handler"),
		DomainNames: jsii.Strings("chat.example.com"),
		HostedZone:  zone,
		WebAcl:      &infra.WebAclProps{RateLimit: jsii.Number(1000)},
		Cors: &awscloudfront.ResponseHeadersCorsBehavior{
			AccessControlAllowCredentials: jsii.Bool(false),
			AccessControlAllowHeaders:     jsii.Strings("content-type"),
			AccessControlAllowMethods:     jsii.Strings("GET", "POST"),
			AccessControlAllowOrigins:     jsii.Strings("https://www.example.com"),
			OriginOverride:                jsii.Bool(true),
		},
	})
	infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{
		Endpoint:   api,
		AlarmEmail: jsii.String("ops@example.com"),
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	app.Synth(nil)
}
