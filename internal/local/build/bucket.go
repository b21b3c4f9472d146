package build

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// bucketProperties are those of AWS::S3::Bucket.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
type bucketProperties struct {
	BucketEncryption struct {
		ServerSideEncryptionConfiguration []struct {
			BucketKeyEnabled, BlockedEncryptionTypes template.NoEffect
			ServerSideEncryptionByDefault            struct {
				KMSMasterKeyID template.LeftOut // its key policy has to permit CloudFront to decrypt
				SSEAlgorithm   string
			}
		}
	}
	PublicAccessBlockConfiguration *struct {
		BlockPublicAcls       template.NoEffect
		BlockPublicPolicy     bool
		IgnorePublicAcls      template.NoEffect
		RestrictPublicBuckets bool
	}
	AccessControl, CorsConfiguration template.LeftOut

	AbacStatus, AccelerateConfiguration, AnalyticsConfigurations template.NoEffect
	BucketName                                                   template.NoEffect // it is Ref
	BucketNamePrefix, BucketNamespace, IntelligentTieringConfigurations, InventoryConfigurations, LifecycleConfiguration, LoggingConfiguration,
	MetadataConfiguration, MetadataTableConfiguration, MetricsConfigurations, NotificationConfiguration, ObjectLockConfiguration,
	ObjectLockEnabled, OwnershipControls, ReplicationConfiguration, Tags, VersioningConfiguration template.NoEffect
	WebsiteConfiguration template.NoEffect // an origin at the website endpoint is an error
}

// bucketPolicyProperties are those of AWS::S3::BucketPolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
type bucketPolicyProperties struct {
	Bucket         string
	PolicyDocument policyDocument
}

// An originBucket is a bucket that an origin reaches.
type originBucket struct {
	bucket *bucket.Bucket
	region string
	hosts  []string

	// replaced serves in place of the bucket, if it isn't nil.
	replaced *replacement
}

// buckets holds the buckets of an edge. Each is made when an origin needs it.
type buckets struct {
	byName map[string]*originBucket

	// known are the logical ids and names that Options.Buckets may use, and
	// given those that it uses.
	known, given map[string]bool
}

// restAttributes are the attributes that name the REST endpoint of a bucket.
var restAttributes = []string{"DomainName", "RegionalDomainName", "DualStackDomainName"}

// bucketAt returns the bucket of the assembly that has a domain name; nil if none has.
func (b *builder) bucketAt(domain string) (*originBucket, error) {
	resources, err := b.deployment.ResourcesOfType("AWS::S3::Bucket")
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		hosts, website, err := bucketHosts(r)
		if err != nil {
			return nil, err
		}
		if domain != website && !slices.Contains(hosts, domain) {
			continue
		}
		replaced, err := b.replacement(r.LogicalID, r.Path)
		if replaced != nil || err != nil {
			return &originBucket{replaced: replaced, region: r.Region}, err
		}
		return b.bucketOf(r, hosts)
	}
	return nil, nil
}

// bucketHosts returns the domain names of a bucket's REST endpoint, and that of
// its website endpoint.
func bucketHosts(r *template.Resource) (hosts []string, website string, err error) {
	for _, attribute := range restAttributes {
		host, err := r.Attribute(attribute)
		if err != nil {
			return nil, "", err
		}
		hosts = append(hosts, host)
	}
	address, err := r.Attribute("WebsiteURL")
	return hosts, strings.TrimPrefix(address, "http://"), err
}

func (b *builder) bucketOf(r *template.Resource, hosts []string) (*originBucket, error) {
	name, err := r.Ref()
	if err != nil {
		return nil, err
	}
	if made, ok := b.buckets.byName[name]; ok {
		return made, nil
	}
	var p bucketProperties
	if err := r.Decode(&p, b.log); err != nil {
		return nil, err
	}
	arn, err := r.Attribute("Arn")
	if err != nil {
		return nil, err
	}
	config := bucket.Config{
		Name: name, Path: r.Path, ARN: arn, Region: r.Region, Account: r.Account, Hosts: hosts,
		// The default of each is false, but without any of them all is blocked.
		// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
		BlocksPublic: p.PublicAccessBlockConfiguration == nil ||
			p.PublicAccessBlockConfiguration.BlockPublicPolicy || p.PublicAccessBlockConfiguration.RestrictPublicBuckets,
		Verifier: &sigv4.Verifier{Lookup: b.keys.lookup},
		Paths:    maps.Clone(b.paths), // an edge function may choose a bucket later
	}
	config.Paths[arn] = r.Path
	if config.Policies, err = b.bucketPolicies(name); err != nil {
		return nil, err
	}
	if config.Layers, err = b.bucketLayers(r, name); err != nil {
		return nil, err
	}
	config.Access = b.access(config.Policies)
	if b.functions.know(name) && !b.functions.checking {
		if config.Uploads, err = b.functions.newDir("bucket"); err != nil {
			return nil, err
		}
	}
	built, err := bucket.New(config, b.log)
	if err != nil {
		return nil, fault.At(r.Path, err)
	}
	made := &originBucket{bucket: built, region: r.Region, hosts: hosts}
	b.buckets.byName[name] = made
	return made, nil
}

// bucketPolicies returns the policy of a bucket, none if it has none.
func (b *builder) bucketPolicies(name string) ([]*iam.Policy, error) {
	var policies []*iam.Policy
	err := each(b, "AWS::S3::BucketPolicy", "Bucket", name, func(r *template.Resource, p bucketPolicyProperties) error {
		policy := iam.New("the policy of "+name, p.PolicyDocument.Statement...)
		policies = append(policies, policy)
		return fault.At(r.Path, fault.In("PolicyDocument", policy.Check(bucket.Actions...)))
	})
	return policies, err
}

// transport returns what reaches the bucket from an origin, as an origin access
// identity if it is not nil.
func (o *originBucket) transport(p originProperties, identity *bucket.OriginAccessIdentity) (http.RoundTripper, error) {
	switch {
	case o.replaced != nil:
		return o.replaced, nil
	case !slices.Contains(o.hosts, p.DomainName):
		return nil, unsupported("", "use the bucket's RegionalDomainName with origin access control", "the website endpoint "+p.DomainName+" isn't supported locally")
	case identity != nil:
		return o.bucket.As(*identity), nil
	}
	return o.bucket, nil
}
