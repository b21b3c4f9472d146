package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An endpoint behind a web ACL, for two countries, with a content security policy
// and private files that only signed URLs and cookies open.
func ExampleNewEndpoint_protection() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	headers := infra.DefaultSecurityHeaders()
	headers.ContentSecurityPolicy = &awscloudfront.ResponseHeadersContentSecurityPolicy{
		ContentSecurityPolicy: jsii.String("default-src 'self'"),
		Override:              jsii.Bool(false),
	}
	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:         infra.GoHandler("./handler"),
		WebAcl:          &infra.WebAclProps{RateLimit: jsii.Number(1000)},
		GeoRestriction:  awscloudfront.GeoRestriction_Allowlist(jsii.String("DE"), jsii.String("FR")),
		SecurityHeaders: headers,
	})
	endpoint.AddBehavior(jsii.String("Private"), &infra.BehaviorProps{
		PathPattern: jsii.String("/private/*"),
		Handler:     infra.GoHandler("./private"),
		TrustedKeyGroups: &[]awscloudfront.IKeyGroup{
			awscloudfront.KeyGroup_FromKeyGroupId(stack, jsii.String("Keys"), jsii.String("11112222-3333-4444-5555-666677778888")),
		},
	})
}

// An endpoint whose handler signs URLs and cookies for the private part of it.
func ExampleNewEndpoint_signedURLs() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	publicKey := "-----BEGIN PUBLIC KEY-----\n…"

	key := awscloudfront.NewPublicKey(stack, jsii.String("Key"), &awscloudfront.PublicKeyProps{EncodedKey: jsii.String(publicKey)})
	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler:         infra.GoHandler("./handler"),
		FunctionOptions: &awslambda.FunctionOptions{Environment: &map[string]*string{"KEY_PAIR_ID": key.PublicKeyId()}},
	})
	web.AddBehavior(jsii.String("Private"), &infra.BehaviorProps{
		PathPattern: jsii.String("/private/*"),
		Handler:     infra.GoHandler("./private"),
		TrustedKeyGroups: &[]awscloudfront.IKeyGroup{
			awscloudfront.NewKeyGroup(stack, jsii.String("Keys"), &awscloudfront.KeyGroupProps{Items: &[]interfacesawscloudfront.IPublicKeyRef{key}}),
		},
	})
}

// An endpoint that pages of another origin may call.
func ExampleNewEndpoint_cors() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		Cors: &awscloudfront.ResponseHeadersCorsBehavior{
			AccessControlAllowCredentials: jsii.Bool(false),
			AccessControlAllowHeaders:     jsii.Strings("content-type"),
			AccessControlAllowMethods:     jsii.Strings("GET", "POST"),
			AccessControlAllowOrigins:     jsii.Strings("https://www.example.com"),
			OriginOverride:                jsii.Bool(true),
		},
	})
}

// A web ACL for a distribution that the app defines itself.
func ExampleNewWebAcl() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)

	acl := infra.NewWebAcl(stack, jsii.String("WebAcl"), &infra.WebAclProps{
		AllowedAddresses:  jsii.Strings("192.0.2.0/24", "2001:db8::/32"), // of the office
		RateLimit:         jsii.Number(2000),
		ManagedRuleGroups: jsii.Strings("AWSManagedRulesCommonRuleSet"),
	})
	_ = &awscloudfront.DistributionProps{WebAclId: acl.WebAclId}
}
