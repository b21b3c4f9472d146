package infra_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestDistributionOptions_are_those_of_the_distribution(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	arn := jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")
	options := &awscloudfront.DistributionProps{
		EnableIpv6:             jsii.Bool(false),
		HttpVersion:            awscloudfront.HttpVersion_HTTP2,
		MinimumProtocolVersion: awscloudfront.SecurityPolicyProtocol_TLS_V1_3_2025,
		ErrorResponses: &[]*awscloudfront.ErrorResponse{
			{HttpStatus: jsii.Number(404), Ttl: awscdk.Duration_Seconds(jsii.Number(0))},
			{HttpStatus: jsii.Number(504), ResponsePagePath: jsii.String("/slow.html")},
		},
	}
	newEndpoint(stack, infra.EndpointProps{
		AllowedMethods:      awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
		DomainNames:         jsii.Strings("a.example.com"),
		Certificate:         awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), arn),
		DistributionOptions: options,
	})
	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig").(map[string]any)
	for name, want := range map[string]any{"IPV6Enabled": false, "HttpVersion": "http2", "PriceClass": "PriceClass_All", "Comment": "Consumer/Api"} {
		if config[name] != want {
			t.Errorf("got %s %v, want %v", name, config[name], want)
		}
	}
	if got := synthtest.At(t, config, "ViewerCertificate", "MinimumProtocolVersion"); got != "TLSv1.3_2025" {
		t.Errorf("got %v, want the given version of TLS", got)
	}
	if got := synthtest.Text(t, config["CustomErrorResponses"]); !strings.Contains(got, `"ErrorCachingMinTTL":0,"ErrorCode":404`) || !strings.Contains(got, "/slow.html") {
		t.Errorf("got error responses %s, want both", got)
	}
	if options.DefaultBehavior != nil || options.Comment != nil {
		t.Error("the props were written to")
	}
}

// Each field that an endpoint has itself is refused, whichever it is.
func TestDistributionOptions_fail_for_what_the_endpoint_defines(t *testing.T) {
	filled := map[string]any{
		"DefaultBehavior":     &awscloudfront.BehaviorOptions{},
		"AdditionalBehaviors": &map[string]*awscloudfront.BehaviorOptions{},
		"DefaultRootObject":   jsii.String("index.html"),
		"PriceClass":          awscloudfront.PriceClass_PRICE_CLASS_100,
		"DomainNames":         jsii.Strings("a.example.com"),
		"WebAclId":            jsii.String("arn"),
		"Comment":             jsii.String("mine"),
		"GeoRestriction":      awscloudfront.GeoRestriction_Allowlist(jsii.String("DE")),
		"Certificate": awscertificatemanager.Certificate_FromCertificateArn(newStack(newApp(), "Other", "us-east-1"), jsii.String("Certificate"),
			jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")),
	}
	endpoint := reflect.TypeFor[infra.EndpointProps]()
	for _, field := range reflect.VisibleFields(reflect.TypeFor[awscloudfront.DistributionProps]()) {
		if _, shared := endpoint.FieldByName(field.Name); shared && filled[field.Name] == nil {
			t.Errorf("no test for %s, which the endpoint has, too", field.Name)
		}
	}
	for name, value := range filled {
		options := new(awscloudfront.DistributionProps)
		reflect.ValueOf(options).Elem().FieldByName(name).Set(reflect.ValueOf(value))
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		got := synthtest.Failure(t, func() { newEndpoint(stack, infra.EndpointProps{DistributionOptions: options}) })
		if !strings.Contains(got, "Consumer/Api: got "+name+" in DistributionOptions") {
			t.Errorf("got %q, want it to refuse %s", got, name)
		}
	}
}

func TestDistributionOptions_fail_for_TLS_without_names(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	got := synthtest.Failure(t, func() {
		newEndpoint(stack, infra.EndpointProps{DistributionOptions: &awscloudfront.DistributionProps{MinimumProtocolVersion: awscloudfront.SecurityPolicyProtocol_TLS_V1_3_2025}})
	})
	if !strings.Contains(got, "Consumer/Api: got MinimumProtocolVersion") {
		t.Errorf("got %q, want it to be refused", got)
	}
}

func TestDistributionOptions_fail_for_pages_that_hide_responses(t *testing.T) {
	for _, status := range []float64{400, 403, 404, 405, 414, 416, 500, 501, 503} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		got := synthtest.Failure(t, func() {
			newEndpoint(stack, infra.EndpointProps{DistributionOptions: &awscloudfront.DistributionProps{ErrorResponses: &[]*awscloudfront.ErrorResponse{{
				HttpStatus: jsii.Number(status), ResponseHttpStatus: jsii.Number(200), ResponsePagePath: jsii.String("/index.html"),
			}}}})
		})
		if !strings.Contains(got, "Consumer/Api: got a page for") || !strings.Contains(got, "SinglePageApp") {
			t.Errorf("%v: got %q, want it to be refused", status, got)
		}
	}
}
