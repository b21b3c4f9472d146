package build

import (
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// bucketProperties are those of AWS::S3::Bucket.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
type bucketProperties struct {
	BucketEncryption struct {
		ServerSideEncryptionConfiguration []struct {
			BucketKeyEnabled              noEffect
			BlockedEncryptionTypes        noEffect
			ServerSideEncryptionByDefault struct {
				KMSMasterKeyID leftOut // its policy would have to let CloudFront decrypt
				SSEAlgorithm   string
			}
		}
	}
	PublicAccessBlockConfiguration *struct {
		BlockPublicAcls       noEffect
		BlockPublicPolicy     bool
		IgnorePublicAcls      noEffect
		RestrictPublicBuckets bool
	}
	AccessControl     leftOut
	CorsConfiguration leftOut

	AbacStatus                       noEffect
	AccelerateConfiguration          noEffect
	AnalyticsConfigurations          noEffect
	BucketName                       noEffect // the deployment has it as Ref
	BucketNamePrefix                 noEffect
	BucketNamespace                  noEffect
	IntelligentTieringConfigurations noEffect
	InventoryConfigurations          noEffect
	LifecycleConfiguration           noEffect
	LoggingConfiguration             noEffect
	MetadataConfiguration            noEffect
	MetadataTableConfiguration       noEffect
	MetricsConfigurations            noEffect
	NotificationConfiguration        noEffect
	ObjectLockConfiguration          noEffect
	ObjectLockEnabled                noEffect
	OwnershipControls                noEffect
	ReplicationConfiguration         noEffect
	Tags                             noEffect
	VersioningConfiguration          noEffect
	WebsiteConfiguration             noEffect // an origin at the website endpoint is an error
}

// bucketPolicyProperties are those of AWS::S3::BucketPolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
type bucketPolicyProperties struct {
	Bucket         string
	PolicyDocument map[string]any
}

// An originBucket is a bucket that an origin reaches.
type originBucket struct {
	bucket *bucket.Bucket
	region string
	hosts  []string
}

// buckets holds the buckets of an edge. Each is made when an origin needs it.
type buckets struct {
	byName map[string]*originBucket

	// known are the logical ids and names that Options.Buckets may use, and
	// given those that it does.
	known, given map[string]bool

	temp string
}

func newBuckets() *buckets {
	return &buckets{byName: map[string]*originBucket{}, known: map[string]bool{}, given: map[string]bool{}}
}

// tempDir returns a new directory, which close removes.
func (b *buckets) tempDir() (string, error) {
	if b.temp == "" {
		temp, err := os.MkdirTemp("", "cloudfurl")
		if err != nil {
			return "", err
		}
		b.temp = temp
	}
	return os.MkdirTemp(b.temp, "bucket")
}

// close removes what was unpacked.
func (b *buckets) close() error {
	if b.temp == "" {
		return nil
	}
	return os.RemoveAll(b.temp)
}

// restAttributes are the attributes that name the REST endpoint of a bucket.
var restAttributes = []string{"DomainName", "RegionalDomainName", "DualStackDomainName"}

// bucketAt returns the bucket of the assembly, or of Options.Buckets, that has a
// domain name; nil if none has.
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
		if domain == website || slices.Contains(hosts, domain) {
			return b.bucketOf(r, hosts)
		}
	}
	for name, dir := range b.options.Buckets {
		if region, ok := restRegion(domain, name); ok {
			return b.importedBucket(name, region, domain, dir)
		}
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
	if err := decodeProperties(r, &p, b.log); err != nil {
		return nil, err
	}
	config := bucket.Config{
		Name: name, Region: r.Region, Account: r.Account, Hosts: hosts,
		// What is not given is false; without any of it, everything is blocked.
		// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
		BlocksPublic: p.PublicAccessBlockConfiguration == nil ||
			p.PublicAccessBlockConfiguration.BlockPublicPolicy || p.PublicAccessBlockConfiguration.RestrictPublicBuckets,
		Verifier: &sigv4.Verifier{Lookup: b.keys.lookup},
	}
	if config.Policy, err = b.bucketPolicy(name); err != nil {
		return nil, err
	}
	if config.Layers, err = b.bucketLayers(r, name); err != nil {
		return nil, err
	}
	played, err := bucket.New(config, b.log)
	if err != nil {
		return nil, resourceError(r, "%w", err)
	}
	made := &originBucket{bucket: played, region: r.Region, hosts: hosts}
	b.buckets.byName[name] = made
	return made, nil
}

// bucketPolicy returns the policy of a bucket, nil if it has none.
func (b *builder) bucketPolicy(name string) (*bucket.Policy, error) {
	resources, err := b.deployment.ResourcesOfType("AWS::S3::BucketPolicy")
	if err != nil {
		return nil, err
	}
	for _, r := range resources {
		if named, err := r.Property("Bucket"); err != nil || named != name {
			if err != nil {
				return nil, err
			}
			continue
		}
		var p bucketPolicyProperties
		if err := decodeProperties(r, &p, b.log); err != nil {
			return nil, err
		}
		policy, err := bucket.ParsePolicy(p.PolicyDocument)
		if err != nil {
			return nil, resourceError(r, "PolicyDocument: %w", err)
		}
		return policy, nil
	}
	return nil, nil
}

// transport returns what reaches the bucket from an origin, as an origin access
// identity if it is not nil.
func (o *originBucket) transport(p originProperties, identity *bucket.OriginAccessIdentity) (http.RoundTripper, error) {
	if slices.Contains(o.hosts, p.DomainName) {
		if identity != nil {
			return o.bucket.As(*identity), nil
		}
		return o.bucket, nil
	}
	return nil, fault.New("use the bucket's RegionalDomainName with origin access control", "the website endpoint %s isn't supported locally", p.DomainName)
}
