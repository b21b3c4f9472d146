package infra

import (
	"maps"
	"math"
	"reflect"
	"regexp"
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

// rejectedOriginOptions are the fields of OriginProps that a StreamingOrigin sets
// itself, and why.
var rejectedOriginOptions = map[string]string{
	"OriginAccessControlId": "the origin has its own origin access control, remove it",
	"OriginId":              "the distribution gives the origin its id, remove it",
}

// uncustomizable matches the headers, in lower case, that CloudFront can't add for
// an origin, and Authorization, in which origin access control signs.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-denylist
var uncustomizable = regexp.MustCompile(`^(authorization|cache-control|connection|content-length|cookie|host|if-(match|modified-since|none-match|range|unmodified-since)|` +
	`max-forwards|pragma|proxy-(authorization|connection)|range|request-range|te|trailer|transfer-encoding|upgrade|via|x-amz-.*|x-edge-.*|x-real-ip)$`)

// originPath matches an OriginPath.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginPath
var originPath = regexp.MustCompile(`^(/[^/?#]+)+$`)

// check panics with an *Error about the construct id in scope if CloudFront
// wouldn't accept the options, which may be nil, for an origin whose responses may
// pause for readTimeout.
func (o *OriginOptions) check(scope constructs.Construct, id *string, readTimeout *float64) {
	if o == nil {
		return
	}
	checkRejected(scope, id, "OriginOptions", reflect.ValueOf(o.OriginProps), rejectedOriginOptions)
	if n := o.ConnectionAttempts; n != nil && construct.IsNumber(n) && (*n < 1 || *n > 3 || *n != math.Trunc(*n)) {
		construct.Fail(scope, id, "got ConnectionAttempts %v in OriginOptions: give 1 to 3", *n)
	}
	checkSeconds(scope, id, "ConnectionTimeout", o.ConnectionTimeout, 10)
	checkSeconds(scope, id, "KeepaliveTimeout", o.KeepaliveTimeout, 120)
	if s, whole, given := construct.Seconds(o.ResponseCompletionTimeout); given && (!whole || construct.IsNumber(readTimeout) && s < *readTimeout) {
		construct.Fail(scope, id, "got ResponseCompletionTimeout %v s in OriginOptions: give whole seconds, at least the %v of ReadTimeout and enough for the whole stream", s, *readTimeout)
	}
	if o.OriginPath != nil && construct.IsConcrete(o.OriginPath) && !originPath.MatchString(*o.OriginPath) {
		construct.Fail(scope, id, `got OriginPath %q in OriginOptions: give a path that begins with a slash and doesn't end with one, such as "/v1"`, *o.OriginPath)
	}
	if o.CustomHeaders != nil {
		checkCustomHeaders(scope, id, *o.CustomHeaders)
	}
}

// checkCustomHeaders panics with an *Error about the construct id in scope if
// CloudFront can't add a header, or if it would hide the viewer's.
func checkCustomHeaders(scope constructs.Construct, id *string, custom map[string]*string) {
	copies := slices.Concat(slices.Collect(maps.Values(edge.CopiedHeaders()))...)
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		switch lower := strings.ToLower(name); {
		case uncustomizable.MatchString(lower):
			construct.Fail(scope, id, "got %s in CustomHeaders, which CloudFront can't add for this origin: choose another name", name)
		case slices.Contains(copies, lower):
			construct.Fail(scope, id, "got %s in CustomHeaders, which would replace what original_host keeps of the viewer's request: choose another name", name)
		}
	}
}

// checkSeconds panics with an *Error about the construct id in scope unless a
// duration of OriginOptions has 1 to most whole seconds.
func checkSeconds(scope constructs.Construct, id *string, name string, duration awscdk.Duration, most float64) {
	if s, whole, given := construct.Seconds(duration); given && (!whole || s < 1 || s > most) {
		construct.Fail(scope, id, "got %s %v s in OriginOptions: give 1 to %v whole seconds", name, s, most)
	}
}

// checkRejected panics with an *Error about the construct id in scope if a struct
// of options has one of the fields that are rejected, each with a hint.
func checkRejected(scope constructs.Construct, id *string, options string, given reflect.Value, rejected map[string]string) {
	for i := range given.NumField() {
		name := given.Type().Field(i).Name
		if hint := rejected[name]; hint != "" && !given.Field(i).IsZero() {
			construct.Fail(scope, id, "got %s in %s: %s", name, options, hint)
		}
	}
}

// set sets the options, which may be nil, in the origin's part of a distribution.
func (o *OriginOptions) set(origin *awscloudfront.CfnDistribution_OriginProperty, custom *awscloudfront.CfnDistribution_CustomOriginConfigProperty) {
	if o == nil {
		return
	}
	origin.OriginPath, origin.ConnectionAttempts = o.OriginPath, o.ConnectionAttempts
	origin.ConnectionTimeout = inSeconds(o.ConnectionTimeout)
	origin.ResponseCompletionTimeout = inSeconds(o.ResponseCompletionTimeout)
	custom.OriginKeepaliveTimeout = inSeconds(o.KeepaliveTimeout)
	if o.IpAddressType != "" {
		custom.IpAddressType = jsii.String(strings.ToLower(string(o.IpAddressType)))
	}
	if o.CustomHeaders != nil {
		var headers []*awscloudfront.CfnDistribution_OriginCustomHeaderProperty
		for _, name := range slices.Sorted(maps.Keys(*o.CustomHeaders)) {
			headers = append(headers, &awscloudfront.CfnDistribution_OriginCustomHeaderProperty{
				HeaderName: jsii.String(name), HeaderValue: (*o.CustomHeaders)[name],
			})
		}
		origin.OriginCustomHeaders = headers
	}
	if off := o.OriginShieldEnabled; off != nil && !*off {
		origin.OriginShield = &awscloudfront.CfnDistribution_OriginShieldProperty{Enabled: off}
	} else if o.OriginShieldRegion != nil {
		origin.OriginShield = &awscloudfront.CfnDistribution_OriginShieldProperty{Enabled: jsii.Bool(true), OriginShieldRegion: o.OriginShieldRegion}
	}
}

// inSeconds returns a duration, which may be nil, in seconds.
func inSeconds(duration awscdk.Duration) *float64 {
	if duration == nil {
		return nil
	}
	return duration.ToSeconds(nil)
}
