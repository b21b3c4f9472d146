package synthesis

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// CloudFront's limits for an origin's response timeout, in seconds. More than the
// quota needs a raised one.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout
const (
	minReadTimeout = 1
	maxReadTimeout = 180

	readTimeoutQuota = 120 // unless the account's was raised
)

// ReadTimeout returns the response timeout of an origin in seconds, 60 by default. It
// panics with an *Error about the construct id in scope if CloudFront doesn't allow it.
func ReadTimeout(scope constructs.Construct, id *string, given awscdk.Duration) *float64 {
	if given == nil {
		return jsii.Number(60)
	}
	s, whole, known := construct.Seconds(given)
	if known && (!whole || s < minReadTimeout || s > maxReadTimeout) {
		construct.Fail(scope, id, "got ReadTimeout %v s: give %d to %d whole seconds, and let the handler send heartbeats more often than that", s, minReadTimeout, maxReadTimeout)
	}
	if s > readTimeoutQuota {
		awscdk.Annotations_Of(scope).AddWarningV2(jsii.String("cloudfurl:ReadTimeout"),
			jsii.String(fmt.Sprintf("got ReadTimeout %v s: CloudFront rejects more than %d unless the account's quota for response timeouts was raised", s, readTimeoutQuota)), nil)
	}
	return given.ToSeconds(nil)
}
