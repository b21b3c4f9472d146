package infra_test

import (
	"go/ast"
	"go/types"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_rejects_invalid_props(t *testing.T) {
	handler := infra.GoHandler("./testdata/handler")
	for name, test := range map[string]struct {
		props func(stack awscdk.Stack) *infra.EndpointProps
		want  []string
	}{
		"no props": {
			func(awscdk.Stack) *infra.EndpointProps { return nil },
			[]string{"Consumer/Bad", "neither Handler nor Function", "set a Handler"},
		},
		"no handler": {
			func(awscdk.Stack) *infra.EndpointProps { return &infra.EndpointProps{} },
			[]string{"neither Handler nor Function"},
		},
		"two handlers": {
			func(stack awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: handler, Function: newNodeFunction(stack)}
			},
			[]string{"both Handler and Function"},
		},
		"function settings with a function": {
			func(stack awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{
					Function: newNodeFunction(stack),
					FunctionOptions: &awslambda.FunctionOptions{
						MemorySize: jsii.Number(1),
						Timeout:    awscdk.Duration_Minutes(jsii.Number(1)),
					},
				}
			},
			[]string{"Function and also FunctionOptions", "set them on the Function itself"},
		},
		"a VPC": {
			func(stack awscdk.Stack) *infra.EndpointProps {
				vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), nil)
				return &infra.EndpointProps{Handler: handler, FunctionOptions: &awslambda.FunctionOptions{Vpc: vpc}}
			},
			[]string{"Consumer/Bad/Origin", "got a Function in a VPC", "don't stream responses in a VPC", "restapi.StreamingRestApi"},
		},
		"names without certificate": {
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: handler, DomainNames: jsii.Strings("a.example.com")}
			},
			[]string{"DomainNames without HostedZone and without Certificate", "us-east-1"},
		},
		"certificate without names": {
			func(stack awscdk.Stack) *infra.EndpointProps {
				arn := jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")
				return &infra.EndpointProps{
					Handler:     handler,
					Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), arn),
				}
			},
			[]string{"Certificate without DomainNames"},
		},
		"a read timeout with a fraction of a second": {
			func(stack awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Function: newNodeFunction(stack), ReadTimeout: awscdk.Duration_Millis(jsii.Number(1500))}
			},
			[]string{"Consumer/Bad/Origin: ", "'1500 millis' cannot be converted into a whole number of seconds"},
		},
		"a fraction of a second": {
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: handler, FunctionOptions: &awslambda.FunctionOptions{Timeout: awscdk.Duration_Millis(jsii.Number(1500))}}
			},
			[]string{"Consumer/Bad/Handler: ", "'1500 millis' cannot be converted into a whole number of seconds"},
		},
		"price class in CloudFront's words": {
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: handler, PriceClass: "PriceClass_100"}
			},
			[]string{"Consumer/Bad: ", `PriceClass "PriceClass_100"`, "use one of awscdk's constants"},
		},
		"unknown architecture": {
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: handler, FunctionOptions: &awslambda.FunctionOptions{Architecture: awslambda.Architecture_Custom(jsii.String("riscv64"), nil)}}
			},
			[]string{"Consumer/Bad/Handler: ", "architecture riscv64", "arm64, x86_64"},
		},
		"empty handler path": {
			func(awscdk.Stack) *infra.EndpointProps {
				return &infra.EndpointProps{Handler: infra.GoHandler("")}
			},
			[]string{"Consumer/Bad/Handler", "empty path", "./functions/demo"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			props := test.props(stack)
			message := synthtest.Failure(t, func() { infra.NewEndpoint(stack, jsii.String("Bad"), props) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

// fieldsOf returns the types and comments of a struct's fields, the comments without
// their default.
func fieldsOf(of *ast.StructType) map[string][2]string {
	fields := map[string][2]string{}
	for _, field := range of.Fields.List {
		comment, _, _ := strings.Cut(field.Doc.Text(), "\nDefault:")
		for _, name := range field.Names {
			fields[name.Name] = [2]string{types.ExprString(field.Type), comment}
		}
	}
	return fields
}

func TestEndpointProps_have_the_fields_of_behaviors(t *testing.T) {
	found := structs(t)
	behavior, endpoint, url := fieldsOf(found["BehaviorProps"]), fieldsOf(found["EndpointProps"]), fieldsOf(found["StreamingFunctionUrlProps"])
	for name, want := range behavior {
		got, ok := endpoint[name]
		if !ok && name != "PathPattern" {
			t.Errorf("EndpointProps have no %s: add it as in BehaviorProps", name)
		}
		for props, got := range map[string][2]string{"EndpointProps": got, "StreamingFunctionUrlProps": url[name]} {
			if got[0] != "" && got != want {
				t.Errorf("%s.%s is %q, want %q as in BehaviorProps", props, name, got, want)
			}
		}
	}
}

func TestCopyFields_copies_what_two_structs_have_in_common(t *testing.T) {
	endpoint := &infra.EndpointProps{
		Handler: infra.GoHandler("./testdata/handler"), Alias: &infra.AliasOptions{}, BodyHashing: infra.BodyHashing_VIEWER, Comment: jsii.String("of the endpoint"),
	}
	behavior := &infra.BehaviorProps{PathPattern: jsii.String("/api/*")}
	construct.CopyFields(behavior, endpoint)
	if behavior.Handler == nil || behavior.Alias != endpoint.Alias || behavior.BodyHashing != endpoint.BodyHashing || *behavior.PathPattern != "/api/*" {
		t.Errorf("got %+v, want the endpoint's fields and its own", behavior)
	}
}
