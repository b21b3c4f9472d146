package infra_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// explained returns what Explain prints about the panic of f.
func explained(t *testing.T, f func()) string {
	t.Helper()
	return strings.Join(infra.Explanation(errors.New(synthtest.Failure(t, f)), ""), "\n")
}

func TestExplain_names_the_construct(t *testing.T) {
	for name, test := range map[string]struct {
		define func(app awscdk.App)
		want   string
	}{
		"reserved variable": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "eu-west-1"), infra.EndpointProps{FunctionOptions: &awslambda.FunctionOptions{Environment: &map[string]*string{"AWS_REGION": jsii.String("x")}}})
		}, "Mine/Api/Handler: AWS_REGION environment variable is reserved"},
		"member of no enum": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "eu-west-1"), infra.EndpointProps{PriceClass: "PRICE_CLASS_300"})
		}, `Mine/Api: got PriceClass "PRICE_CLASS_300": use one of`},
		"id that is taken": {func(app awscdk.App) {
			stack := newStack(app, "Mine", "eu-west-1")
			newEndpoint(stack, infra.EndpointProps{})
			newEndpoint(stack, infra.EndpointProps{})
		}, "Mine/Api: There is already a Construct with name 'Api'"},
		"hasher outside of the stage": {func(app awscdk.App) {
			hasher := infra.EdgeStackOf(app).BodyHasher
			stack := awscdk.NewStack(awscdk.NewStage(app, jsii.String("Test"), nil), jsii.String("Mine"), nil)
			infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{Handler: infra.GoHandler("./testdata/handler"), BodyHasher: hasher})
		}, "Test/Mine/Api: got the BodyHasher CloudfurlEdge/BodyHasher, which is outside of the stage Test"},
		"another partition": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "cn-north-1"), infra.EndpointProps{})
		}, "Mine/Api: got a stack in cn-north-1, of partition aws-cn"},
		"certificate defined elsewhere": {func(app awscdk.App) {
			stack := newStack(app, "Mine", "eu-west-1")
			newEndpoint(stack, infra.EndpointProps{
				DomainNames: jsii.Strings("a.example.com"),
				Certificate: awscertificatemanager.NewCertificate(stack, jsii.String("Certificate"), &awscertificatemanager.CertificateProps{DomainName: jsii.String("a.example.com")}),
			})
		}, "Mine/Api: got a Certificate in eu-west-1"},
		"certificate imported from elsewhere": {func(app awscdk.App) {
			stack := newStack(app, "Mine", "us-east-1")
			newEndpoint(stack, infra.EndpointProps{
				DomainNames: jsii.Strings("a.example.com"),
				Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), jsii.String("arn:aws:acm:eu-west-1:111122223333:certificate/a")),
			})
		}, "Mine/Api: Distribution certificates must be in the us-east-1 region"},
		"regional web ACL": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "eu-west-1"), infra.EndpointProps{WebAclId: jsii.String("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b")})
		}, "Mine/Api: WebACL for CloudFront distributions must be created in the us-east-1 region"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explained(t, func() { test.define(newApp()) }); !strings.HasPrefix(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want one line that begins with %q", got, test.want)
			}
		})
	}
}

func TestExplain_names_the_line_that_called_the_CDK(t *testing.T) {
	err := errors.New("CannotUseCrossEnvironment: Resolution error: Resolution error: Cannot use resource")
	if got, want := infra.Explanation(err, "main.go:12"), []string{"main.go:12: Cannot use resource"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndpoint_uses_certificates_whose_region_is_unknown_or_us_east_1(t *testing.T) {
	app := newApp()
	for id, region := range map[string]string{"Agnostic": "", "Virginia": "us-east-1"} {
		stack := newStack(app, id, region)
		newEndpoint(stack, infra.EndpointProps{
			DomainNames: jsii.Strings("a.example.com"),
			Certificate: awscertificatemanager.NewCertificate(stack, jsii.String("Certificate"), &awscertificatemanager.CertificateProps{DomainName: jsii.String("a.example.com")}),
		})
	}
	// The ARN is known only at deployment, and so is its region.
	stack := newStack(app, "Parameter", "eu-west-1")
	arn := awscdk.NewCfnParameter(stack, jsii.String("Arn"), nil).ValueAsString()
	newEndpoint(stack, infra.EndpointProps{
		DomainNames: jsii.Strings("a.example.com"),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), arn),
	})
}
