package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// An IEndpoint is an Endpoint, of this app or of another.
type IEndpoint interface {
	constructs.IConstruct

	// Url returns the address for viewers.
	Url() *string

	// DistributionId returns the id of the distribution.
	DistributionId() *string

	// DistributionDomainName returns the cloudfront.net name of the distribution.
	DistributionDomainName() *string

	// GrantCreateInvalidation permits to remove files from CloudFront's cache.
	GrantCreateInvalidation(grantee awsiam.IGrantable) awsiam.Grant

	// MetricRequests returns the number of the viewers' requests.
	MetricRequests(options *awscloudwatch.MetricOptions) awscloudwatch.Metric

	// Metric4xxErrorRate returns the percentage of responses with a status of 4xx.
	Metric4xxErrorRate(options *awscloudwatch.MetricOptions) awscloudwatch.Metric

	// Metric5xxErrorRate returns the percentage of responses with a status of 5xx.
	Metric5xxErrorRate(options *awscloudwatch.MetricOptions) awscloudwatch.Metric

	// MetricFirstByte returns the time to the first byte in milliseconds.
	MetricFirstByte(options *awscloudwatch.MetricOptions) awscloudwatch.Metric
}

var _ IEndpoint = (*Endpoint)(nil)

// EndpointAttributes are what another app has told of its Endpoint, as with outputs.
type EndpointAttributes struct {
	// DistributionId is the id of the distribution, of the account of the stack. It
	// is required.
	DistributionId *string

	// DistributionDomainName is the distribution's name, such as
	// "d111111abcdef8.cloudfront.net". It is required.
	DistributionDomainName *string

	// DomainName is the name in Url.
	//
	// Default: DistributionDomainName
	DomainName *string
}

// Endpoint_FromEndpointAttributes returns an Endpoint that another app has deployed.
// Within an app, pass the *Endpoint itself as an IEndpoint to other stacks.
func Endpoint_FromEndpointAttributes(scope constructs.Construct, id *string, attributes *EndpointAttributes) IEndpoint {
	defer construct.Within(scope, id, attributes)()
	if attributes == nil || attributes.DistributionId == nil || attributes.DistributionDomainName == nil {
		construct.Fail(scope, id, "Endpoint_FromEndpointAttributes got no DistributionId or no DistributionDomainName: set both")
	}
	e := &Endpoint{domainName: cmp.Or(attributes.DomainName, attributes.DistributionDomainName)}
	constructs.NewConstruct_Override(e, scope, id)
	e.imported = awscloudfront.Distribution_FromDistributionAttributes(e, jsii.String("Distribution"), &awscloudfront.DistributionAttributes{
		DistributionId: attributes.DistributionId,
		DomainName:     attributes.DistributionDomainName,
	})
	return e
}

// distribution returns the distribution, which may be another app's.
func (e *Endpoint) distribution() awscloudfront.IDistribution {
	if e.imported != nil {
		return e.imported
	}
	return e.Distribution
}

// DistributionId returns the id of the distribution.
func (e *Endpoint) DistributionId() *string {
	return e.distribution().DistributionId()
}

// DistributionDomainName returns the cloudfront.net name of the distribution.
func (e *Endpoint) DistributionDomainName() *string {
	return e.distribution().DistributionDomainName()
}

// GrantCreateInvalidation permits to remove files from CloudFront's cache.
func (e *Endpoint) GrantCreateInvalidation(grantee awsiam.IGrantable) awsiam.Grant {
	defer construct.Reporting(e, nil)()
	return e.distribution().GrantCreateInvalidation(grantee)
}
