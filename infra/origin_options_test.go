package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestOriginOptions_are_those_of_the_origin(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
		ReadTimeout:    awscdk.Duration_Minutes(jsii.Number(3)),
		OriginOptions: &infra.OriginOptions{
			OriginProps: awscloudfront.OriginProps{
				ConnectionAttempts:        jsii.Number(2),
				ConnectionTimeout:         awscdk.Duration_Seconds(jsii.Number(4)),
				CustomHeaders:             &map[string]*string{"X-Stage": jsii.String("beta"), "X-Front": jsii.String("one")},
				OriginPath:                jsii.String("/v1"),
				OriginShieldRegion:        jsii.String("eu-central-1"),
				ResponseCompletionTimeout: awscdk.Duration_Minutes(jsii.Number(15)),
			},
			KeepaliveTimeout: awscdk.Duration_Seconds(jsii.Number(30)),
			IpAddressType:    awscloudfront.OriginIpAddressType_DUALSTACK,
		},
	})
	origin := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "Origins", 0).(map[string]any)
	for _, name := range []string{"DomainName", "Id", "OriginAccessControlId"} {
		if origin[name] == nil {
			t.Errorf("got no %s", name)
		}
		delete(origin, name)
	}
	const want = `{"ConnectionAttempts":2,"ConnectionTimeout":4,"CustomOriginConfig":{"IpAddressType":"dualstack","OriginKeepaliveTimeout":30,` +
		`"OriginProtocolPolicy":"https-only","OriginReadTimeout":180,"OriginSSLProtocols":["TLSv1.2"]},` +
		`"OriginCustomHeaders":[{"HeaderName":"X-Front","HeaderValue":"one"},{"HeaderName":"X-Stage","HeaderValue":"beta"}],` +
		`"OriginPath":"/v1","OriginShield":{"Enabled":true,"OriginShieldRegion":"eu-central-1"},"ResponseCompletionTimeout":900}`
	if got := synthtest.Text(t, origin); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOriginOptions_fail(t *testing.T) {
	seconds := func(n float64) awscdk.Duration { return awscdk.Duration_Seconds(jsii.Number(n)) }
	header := func(name string) infra.OriginOptions {
		return infra.OriginOptions{OriginProps: awscloudfront.OriginProps{CustomHeaders: &map[string]*string{name: jsii.String("value")}}}
	}
	props := func(props awscloudfront.OriginProps) infra.OriginOptions {
		return infra.OriginOptions{OriginProps: props}
	}
	for want, options := range map[string]infra.OriginOptions{
		"got OriginAccessControlId or OriginId in OriginOptions":                                 props(awscloudfront.OriginProps{OriginId: jsii.String("own")}),
		"or OriginId in OriginOptions: the origin has its own":                                   props(awscloudfront.OriginProps{OriginAccessControlId: jsii.String("E1")}),
		"connectionAttempts: Must be an int between 1 and 3":                                     props(awscloudfront.OriginProps{ConnectionAttempts: jsii.Number(4)}),
		"connectionTimeout: Must be an int between 1 and 10 seconds":                             props(awscloudfront.OriginProps{ConnectionTimeout: seconds(11)}),
		"responseCompletionTimeout must be equal to or greater than readTimeout (60s), got: 59s": props(awscloudfront.OriginProps{ResponseCompletionTimeout: seconds(59)}),
		"'1500 millis' cannot be converted into a whole number of seconds":                       {KeepaliveTimeout: awscdk.Duration_Millis(jsii.Number(1500))},
		"got Authorization in CustomHeaders":                                                     header("Authorization"),
		"prefixes for custom origin headers: X-Amz-Date":                                         header("X-Amz-Date"),
		"custom origin headers: Via":                                                             header("Via"),
		"got X-Original-Host in CustomHeaders, which would replace":                              header("X-Original-Host"),
		"got X-Original-Authorization in CustomHeaders, which would":                             header("X-Original-Authorization"),
		"got X-Forwarded-Host in CustomHeaders, which would replace what":                        header("X-Forwarded-Host"),
	} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		got := synthtest.Failure(t, func() {
			infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack), OriginOptions: &options})
		})
		if !strings.Contains(got, "Consumer/Origin: ") || !strings.Contains(got, strings.TrimPrefix(want, "got ")) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}
