package infra_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_distribution_has_the_given_names_and_settings(t *testing.T) {
	const certificate = "arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888"
	const acl = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/front/11112222-3333-4444-5555-666677778888"
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		DomainNames: jsii.Strings("api.example.com"),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), jsii.String(certificate)),
		PriceClass:  "PRICE_CLASS_200",
		ReadTimeout: awscdk.Duration_Seconds(jsii.Number(120)),
		WebAclId:    jsii.String(acl),
		Comment:     jsii.String("the front"),
	})
	config := synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")

	if got := synthtest.At(t, config, "Aliases", 0); got != "api.example.com" {
		t.Errorf("got alias %v, want api.example.com", got)
	}
	if got := synthtest.At(t, config, "ViewerCertificate", "MinimumProtocolVersion"); got != "TLSv1.2_2021" {
		t.Errorf("got MinimumProtocolVersion %v, want TLSv1.2_2021", got)
	}
	if got := synthtest.At(t, config, "Origins", 0, "CustomOriginConfig", "OriginReadTimeout"); got != 120.0 {
		t.Errorf("got OriginReadTimeout %v, want 120", got)
	}
	for key, want := range map[string]any{"PriceClass": "PriceClass_200", "WebACLId": acl, "Comment": "the front"} {
		if got := synthtest.At(t, config, key); got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
}

func TestEndpoint_Url_is_the_first_domain_name_that_is_a_host(t *testing.T) {
	const certificate = "arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888"
	for want, names := range map[string][]string{
		"https://api.example.com/": {"api.example.com", "b.example.com"},
		"https://b.example.com/":   {"*.example.com", "b.example.com"},
		"cloudfront.net":           {"*.example.com"},
	} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		endpoint := newEndpoint(stack, infra.EndpointProps{
			DomainNames: jsii.Strings(names...),
			Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), jsii.String(certificate)),
		})
		if want == "cloudfront.net" {
			want = "https://" + *endpoint.Distribution.DomainName() + "/"
		}
		if got := *endpoint.Url(); got != want {
			t.Errorf("%v: got %s, want %s", names, got, want)
		}
	}
}
