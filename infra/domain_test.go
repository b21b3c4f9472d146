package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// importedZone returns the zone example.com, which exists already.
func importedZone(stack awscdk.Stack) awsroute53.IHostedZone {
	return awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{
		HostedZoneId: jsii.String("Z0111222333AAABBB"),
		ZoneName:     jsii.String("example.com"),
	})
}

// viewerCertificate returns the certificate of the distribution in a template.
func viewerCertificate(t *testing.T, tmpl synthtest.Template) any {
	t.Helper()
	return synthtest.At(t, tmpl.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "ViewerCertificate")
}

func TestDomain_certificate_is_in_us_east_1_for_stacks_in_every_region(t *testing.T) {
	for name, region := range map[string]string{"another region": "eu-west-1", "us-east-1": "us-east-1", "environment-agnostic": ""} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", region)
			newEndpoint(stack, infra.EndpointProps{
				DomainNames: jsii.Strings("chat.example.com", "*.chat.example.com"),
				HostedZone:  importedZone(stack),
			})
			templates := synthtest.Templates(app)
			beside, consumer := templates["Consumer-UsEast1"], templates["Consumer"]
			if region == "us-east-1" {
				if beside != nil {
					t.Error("got a stack beside one that is in us-east-1, want the certificate in it")
				}
				beside = consumer
			}

			certificate := beside.Only(t, "AWS::CertificateManager::Certificate")
			for key, want := range map[string]string{
				"DomainName":              `"chat.example.com"`,
				"SubjectAlternativeNames": `["*.chat.example.com"]`,
				"ValidationMethod":        `"DNS"`,
			} {
				if got := synthtest.Text(t, certificate.Properties[key]); got != want {
					t.Errorf("got %s %s, want %s", key, got, want)
				}
			}
			if got := synthtest.At(t, certificate.Properties, "DomainValidationOptions", 0, "HostedZoneId"); got != "Z0111222333AAABBB" {
				t.Errorf("got validation in zone %v, want the given one", got)
			}
			if got := synthtest.At(t, beside, "Resources", certificate.LogicalID, "UpdateReplacePolicy"); got != "Retain" {
				t.Errorf("got UpdateReplacePolicy %v, want Retain, since the distribution uses the certificate until it is updated", got)
			}

			used := viewerCertificate(t, consumer)
			if got := synthtest.At(t, used, "MinimumProtocolVersion"); got != "TLSv1.2_2021" {
				t.Errorf("got MinimumProtocolVersion %v, want TLSv1.2_2021", got)
			}
			arn := synthtest.At(t, used, "AcmCertificateArn")
			if region == "us-east-1" {
				if got := synthtest.At(t, arn, "Ref"); got != certificate.LogicalID {
					t.Errorf("got certificate %v, want %s", got, certificate.LogicalID)
				}
				return
			}
			reference := synthtest.At(t, arn, "Fn::GetStackOutput")
			if got := synthtest.At(t, reference, "StackName"); got != "Consumer-UsEast1" {
				t.Errorf("got stack %v, want Consumer-UsEast1", got)
			}
			if got := synthtest.At(t, reference, "Region"); got != "us-east-1" {
				t.Errorf("got region %v, want us-east-1", got)
			}
			output := synthtest.At(t, reference, "OutputName").(string)
			if got := synthtest.At(t, beside, "Outputs", output, "Value", "Ref"); got != certificate.LogicalID {
				t.Errorf("got %v in the output, want the certificate %s", got, certificate.LogicalID)
			}
			var names []string
			for _, dependency := range *stack.Dependencies() {
				names = append(names, *dependency.StackName())
			}
			if !slices.Contains(names, "Consumer-UsEast1") {
				t.Errorf("got dependencies %v, want Consumer-UsEast1 among them", names)
			}
		})
	}
}

func TestDomain_has_three_alias_records_for_each_name(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		DomainNames: jsii.Strings("example.com", "*.example.com"),
		HostedZone:  importedZone(stack),
	})
	consumer := synthtest.Templates(app)["Consumer"]
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
	distribution := consumer.Only(t, "AWS::CloudFront::Distribution").LogicalID

	var got []string
	for _, record := range consumer.Resources("AWS::Route53::RecordSet") {
		got = append(got, record.Properties["Name"].(string)+" "+record.Properties["Type"].(string))
		target := record.Properties["AliasTarget"]
		if id := synthtest.At(t, target, "HostedZoneId"); id != "Z2FDTNDATAQYW2" {
			t.Errorf("got zone %v of the target, want CloudFront's", id)
		}
		if name := synthtest.At(t, target, "DNSName", "Fn::GetAtt", 0); name != distribution {
			t.Errorf("got target %v, want %s", name, distribution)
		}
		if id := record.Properties["HostedZoneId"]; id != "Z0111222333AAABBB" {
			t.Errorf("got record in zone %v, want the given one", id)
		}
	}
	slices.Sort(got)
	want := []string{
		"*.example.com. A", "*.example.com. AAAA", "*.example.com. HTTPS",
		"example.com. A", "example.com. AAAA", "example.com. HTTPS",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got records %q, want %q", got, want)
	}
}

func TestDomain_uses_a_certificate_of_the_caller(t *testing.T) {
	const certificate = "arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888"
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{
		DomainNames: jsii.Strings("chat.example.com"),
		HostedZone:  importedZone(stack),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), jsii.String(certificate)),
	})
	templates := synthtest.Templates(app)

	if templates["Consumer-UsEast1"] != nil {
		t.Error("got a stack for a certificate, want none beside the caller's")
	}
	if got := synthtest.At(t, viewerCertificate(t, templates["Consumer"]), "AcmCertificateArn"); got != certificate {
		t.Errorf("got certificate %v, want the caller's", got)
	}
	if got := len(templates["Consumer"].Resources("AWS::Route53::RecordSet")); got != 3 {
		t.Errorf("got %d records, want 3", got)
	}
}

func TestDomain_takes_a_zone_of_another_stack(t *testing.T) {
	app := newApp()
	zone := awsroute53.NewPublicHostedZone(newStack(app, "Dns", "eu-central-1"), jsii.String("Zone"), &awsroute53.PublicHostedZoneProps{
		ZoneName: jsii.String("example.com"),
	})
	awscdk.CrossStackReferences_Of(zone).Produce(awscdk.ReferenceStrength_WEAK)
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		DomainNames: jsii.Strings("chat.example.com"),
		HostedZone:  zone,
	})
	certificate := synthtest.Templates(app)["Consumer-UsEast1"].Only(t, "AWS::CertificateManager::Certificate")

	reference := synthtest.At(t, certificate.Properties, "DomainValidationOptions", 0, "HostedZoneId", "Fn::GetStackOutput")
	if got := synthtest.At(t, reference, "Region"); got != "eu-central-1" {
		t.Errorf("got the zone's id from %v, want eu-central-1", got)
	}
}

func TestDomain_rejects_names_and_zones(t *testing.T) {
	endpoint := func(region string, zone func(awscdk.Stack) awsroute53.IHostedZone, names ...string) func(app awscdk.App) {
		return func(app awscdk.App) {
			stack := newStack(app, "Consumer", region)
			props := infra.EndpointProps{DomainNames: jsii.Strings(names...)}
			if zone != nil {
				props.HostedZone = zone(stack)
			}
			newEndpoint(stack, props)
		}
	}
	defined := func(stack awscdk.Stack) awsroute53.IHostedZone {
		return awsroute53.NewPublicHostedZone(stack, jsii.String("Zone"), &awsroute53.PublicHostedZoneProps{ZoneName: jsii.String("example.com")})
	}
	for name, test := range map[string]struct {
		define func(app awscdk.App)
		want   []string
	}{
		"outside of the zone": {
			endpoint("eu-west-1", importedZone, "chat.example.com", "chat.example.org"),
			[]string{"Consumer/Api", "chat.example.org", "isn't in the HostedZone example.com"},
		},
		"only the end of the zone's name": {
			endpoint("eu-west-1", importedZone, "badexample.com"),
			[]string{"badexample.com", "isn't in the HostedZone example.com"},
		},
		"a URL": {
			endpoint("eu-west-1", importedZone, "https://chat.example.com/"),
			[]string{`"https://chat.example.com/"`, "without scheme"},
		},
		"a wildcard in the middle": {
			endpoint("eu-west-1", importedZone, "chat.*.example.com"),
			[]string{`"chat.*.example.com"`, `"*.example.com"`},
		},
		"upper case":         {endpoint("eu-west-1", importedZone, "Chat.example.com"), []string{"lower case"}},
		"an empty name":      {endpoint("eu-west-1", importedZone, ""), []string{`got "" in DomainNames`}},
		"zone without names": {endpoint("eu-west-1", importedZone), []string{"a Domain needs DomainNames and HostedZone"}},
		"a zone by id alone": {
			endpoint("eu-west-1", func(stack awscdk.Stack) awsroute53.IHostedZone {
				return awsroute53.HostedZone_FromHostedZoneId(stack, jsii.String("Zone"), jsii.String("Z0111222333AAABBB"))
			}, "chat.example.com"),
			[]string{"Consumer/Api/Domain: Cannot reference `zoneName`", "use `fromHostedZoneAttributes()`"},
		},
		"a zone of the same stack": {
			endpoint("eu-west-1", defined, "chat.example.com"),
			[]string{"Consumer/Api/Domain", "deployed after its certificate", "stack of its own"},
		},
		"a zone of a stack without region": {
			func(app awscdk.App) {
				zone := defined(newStack(app, "Dns", ""))
				newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{DomainNames: jsii.Strings("a.example.com"), HostedZone: zone})
			},
			[]string{"the stack Dns", "has no region", "Env.Region"},
		},
		"a private zone": {
			func(app awscdk.App) {
				stack := newStack(app, "Consumer", "us-east-1")
				zone := awsroute53.NewPrivateHostedZone(stack, jsii.String("Zone"), &awsroute53.PrivateHostedZoneProps{
					ZoneName: jsii.String("example.com"),
					Vpc: awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Vpc"), &awsec2.VpcAttributes{
						VpcId:             jsii.String("vpc-11112222"),
						AvailabilityZones: jsii.Strings("us-east-1a"),
					}),
				})
				newEndpoint(stack, infra.EndpointProps{DomainNames: jsii.Strings("a.example.com"), HostedZone: zone})
			},
			[]string{"private HostedZone example.com", "public"},
		},
		"another partition": {
			endpoint("cn-north-1", importedZone, "chat.example.com"),
			[]string{"cn-north-1", "partition aws-cn"},
		},
		"a domain without a zone": {
			func(app awscdk.App) {
				infra.NewDomain(newStack(app, "Consumer", ""), jsii.String("Domain"), &infra.DomainProps{DomainNames: jsii.Strings("a.example.com")})
			},
			[]string{"Consumer/Domain", "needs DomainNames and HostedZone"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() { test.define(newApp()) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}
