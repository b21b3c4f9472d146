package infra

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// OriginOptions configure how CloudFront reaches a function URL.
type OriginOptions struct {
	// OriginProps are CDK's own: CustomHeaders, OriginPath, ConnectionAttempts,
	// ConnectionTimeout, ResponseCompletionTimeout and OriginShieldRegion. A
	// ResponseCompletionTimeout cuts streams that take longer.
	awscloudfront.OriginProps

	// KeepaliveTimeout is how long CloudFront keeps an idle connection; 1 to 120
	// seconds.
	//
	// Default: 5 seconds
	KeepaliveTimeout awscdk.Duration

	// IpAddressType is the version of IP that CloudFront uses.
	//
	// Default: awscloudfront.OriginIpAddressType_IPV4
	IpAddressType awscloudfront.OriginIpAddressType
}

// check panics with an *Error about the construct id in scope if the options, which may
// be nil, don't fit a StreamingOrigin. The CDK checks what CloudFront accepts of
// OriginProps.
func (o *OriginOptions) check(scope constructs.Construct, id *string) {
	if o == nil {
		return
	}
	switch {
	case o.OriginAccessControlId != nil || o.OriginId != nil:
		construct.Fail(scope, id, "got OriginAccessControlId or OriginId in OriginOptions: the origin has its own, remove them")
	case o.CustomHeaders != nil:
		checkCustomHeaders(scope, id, *o.CustomHeaders)
	}
}

// checkCustomHeaders panics with an *Error about the construct id in scope if a header
// would hide the viewer's, or be the one in which origin access control signs.
func checkCustomHeaders(scope constructs.Construct, id *string, custom map[string]*string) {
	copies := slices.Concat(slices.Collect(maps.Values(edge.CopiedHeaders()))...)
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		switch lower := strings.ToLower(name); {
		case lower == "authorization":
			construct.Fail(scope, id, "got %s in CustomHeaders, which CloudFront can't add for this origin: choose another name", name)
		case slices.Contains(copies, lower):
			construct.Fail(scope, id, "got %s in CustomHeaders, which would replace what original_host keeps of the viewer's request: choose another name", name)
		}
	}
}

// A functionUrlOrigin is CDK's part of the origin of a function URL in a distribution.
type functionUrlOrigin struct {
	awscloudfront.OriginBase
	custom *awscloudfront.CfnDistribution_CustomOriginConfigProperty
}

// newFunctionUrlOrigin returns the origin at a domain name. The options may be nil, and
// readTimeout is in seconds. The CDK panics if it doesn't accept the options.
func newFunctionUrlOrigin(domainName, accessControlID *string, readTimeout *float64, options *OriginOptions) *functionUrlOrigin {
	options = construct.CopyOf(options)
	options.OriginAccessControlId = accessControlID
	o := &functionUrlOrigin{custom: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
		OriginProtocolPolicy: jsii.String("https-only"),
		OriginSslProtocols:   jsii.Strings("TLSv1.2"),
		OriginReadTimeout:    readTimeout,
	}}
	if options.KeepaliveTimeout != nil {
		o.custom.OriginKeepaliveTimeout = options.KeepaliveTimeout.ToSeconds(nil)
	}
	if options.IpAddressType != "" {
		o.custom.IpAddressType = jsii.String(strings.ToLower(string(options.IpAddressType)))
	}
	awscloudfront.NewOriginBase_Override(o, domainName, &options.OriginProps)
	o.ValidateResponseCompletionTimeoutWithReadTimeout(options.ResponseCompletionTimeout, awscdk.Duration_Seconds(readTimeout))
	return o
}

// RenderCustomOriginConfig returns the settings of connections to the URL.
func (o *functionUrlOrigin) RenderCustomOriginConfig() *awscloudfront.CfnDistribution_CustomOriginConfigProperty {
	return o.custom
}
