package infra

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// StaticFilesProps are the properties of StaticFiles. Directory is required.
type StaticFilesProps struct {
	// Directory holds the files, in the directories of their paths, and is
	// relative to the app's working directory.
	Directory *string

	// Exclude are patterns, as in .gitignore, of files that aren't published. A
	// pattern that begins with "!" publishes what those before it and the default
	// leave out, and a file that only looks like a secret.
	//
	// Default: names that begin with a dot but .well-known, private keys, backups
	// of editors, and what links find outside of Directory
	Exclude *[]*string

	// PathPatterns select the paths that are served from Directory, such as
	// "/css/*" and "/favicon.ico".
	//
	// Default: all paths that no other behavior serves; Directory has an
	// index.html
	PathPatterns *[]*string

	// SinglePageApp serves index.html at every path whose last segment has no
	// dot and isn't a file.
	//
	// Default: false; a path that ends with a slash serves the index.html of
	// that directory, and a path without slash and dot redirects to the one
	// with a slash
	SinglePageApp *bool

	// ImmutablePatterns select files whose names change with their content, such
	// as "assets/*", below Directory. Browsers keep them for a year, and
	// deployments don't delete old ones. All other files are revalidated.
	//
	// Default: the directories in which every file has a hash in its name, and
	// "*.js" and "*.css" if bundlers wrote all of them
	ImmutablePatterns *[]*string

	// ResponseHeadersPolicy is the headers that CloudFront adds to responses.
	//
	// Default: that of the endpoint, or none in another distribution
	ResponseHeadersPolicy awscloudfront.IResponseHeadersPolicy
}

// StaticFiles defines a private bucket with the files of a directory, which only
// CloudFront can read. A file that doesn't exist is a 404. Deployments
// invalidate what the distribution has cached, and remove files that the
// directory no longer has.
type StaticFiles struct {
	construct.Base

	// Bucket has the files. It is deleted with the stack.
	Bucket awss3.Bucket

	// OriginAccessControl makes CloudFront sign its requests to Bucket.
	OriginAccessControl awscloudfront.S3OriginAccessControl

	// Function is the CloudFront Function at viewer-request that finds the
	// index.html of a path.
	Function awscloudfront.Function

	patterns []string
	origin   *bucketOrigin
	headers  awscloudfront.IResponseHeadersPolicy
}

// NewStaticFiles defines StaticFiles. It panics with an *Error if Directory
// can't be read, has no index.html where one is needed, has no files for a pattern,
// or has files that look like secrets.
func NewStaticFiles(scope constructs.Construct, id *string, props *StaticFilesProps) *StaticFiles {
	return newStaticFiles(scope, id, props, new(OriginalHostProps))
}

// newStaticFiles defines StaticFiles whose function also does what viewer says.
func newStaticFiles(scope constructs.Construct, id *string, props *StaticFilesProps, viewer *OriginalHostProps) *StaticFiles {
	defer construct.Within(scope, id, props)()
	site := props.site(scope, id)
	source := viewer.code(scope, id, props.functionCode(site))
	if len(source) > cloudfrontjs.MaxCodeSize {
		construct.Fail(scope, id, "got Directory %q with %d files without a dot in their names, more than fit into a CloudFront Function: add an extension to them",
			site.Dir, len(site.WithoutDot()))
	}

	f := &StaticFiles{headers: props.ResponseHeadersPolicy}
	constructs.NewConstruct_Override(f, scope, id)
	f.patterns = texts(props.PathPatterns)
	for _, warning := range site.Warnings() {
		awscdk.Annotations_Of(f).AddWarningV2(jsii.String("cloudfurl:LeftOut"), jsii.String(warning), nil)
	}
	f.Bucket = newSiteBucket(f)
	f.OriginAccessControl = awscloudfront.NewS3OriginAccessControl(f, jsii.String("OriginAccessControl"), &awscloudfront.S3OriginAccessControlProps{
		OriginAccessControlName: construct.GlobalName(f),
	})
	f.Function = viewer.define(f, source, "Finds the index.html of a path")
	patterns := site.HashedPatterns()
	if props.ImmutablePatterns != nil {
		patterns = texts(props.ImmutablePatterns)
	}
	f.origin = &bucketOrigin{files: f, deployment: deployFiles(f, site, patterns)}
	return f
}

// Behavior returns the options of a behavior that serves the files: GET and HEAD,
// redirected to HTTPS, cached as the files' headers say, and compressed. Use it
// for DefaultBehavior and AdditionalBehaviors of a distribution in the same
// stack.
func (f *StaticFiles) Behavior() *awscloudfront.BehaviorOptions {
	behavior := &awscloudfront.BehaviorOptions{Origin: f.origin}
	construct.CopyFields(behavior, f.options())
	return behavior
}

// AddBehaviors defines a behavior with the options of Behavior for each of
// PathPatterns in an existing distribution of the same stack. It panics with an
// *Error if the props had none.
func (f *StaticFiles) AddBehaviors(distribution awscloudfront.Distribution) {
	defer construct.Reporting(f, nil)()
	if construct.IsNil(distribution) {
		construct.Fail(f, nil, "AddBehaviors got no distribution: pass the one that serves the files")
	}
	if len(f.patterns) == 0 {
		construct.Fail(f, nil, `got no PathPatterns to add: set some, such as "/css/*", or use Behavior for the distribution's DefaultBehavior`)
	}
	for _, pattern := range f.patterns {
		distribution.AddBehavior(jsii.String(pattern), f.origin, f.options())
	}
}

func (f *StaticFiles) options() *awscloudfront.AddBehaviorOptions {
	return &awscloudfront.AddBehaviorOptions{
		AllowedMethods:       awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
		CachePolicy:          awscloudfront.CachePolicy_CACHING_OPTIMIZED(),
		ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		Compress:             jsii.Bool(true),
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
			EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
			Function:  f.Function,
		}},
		ResponseHeadersPolicy: f.headers,
	}
}

// newSiteBucket defines the bucket. The deployment empties it before the stack
// deletes it.
func newSiteBucket(scope constructs.Construct) awss3.Bucket {
	bucket := awss3.NewBucket(scope, jsii.String("Bucket"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
	})
	construct.Suppress(bucket, "AwsSolutions-S1", "Only CloudFront reads the bucket: the distribution's access logs have all requests of viewers.")
	return bucket
}

// filesPlaceholder is the line of the edge functions that the library replaces.
const filesPlaceholder = "const files = [];"

func (p *StaticFilesProps) functionCode(site *code.Site) string {
	source := edge.DirectoryIndex
	if p.isSinglePageApp() {
		source = edge.SinglePageApp
	}
	// A list of strings can't fail.
	files, _ := json.Marshal(site.WithoutDot())
	return strings.Replace(source, filesPlaceholder, "const files = "+string(files)+";", 1)
}

func (p *StaticFilesProps) isSinglePageApp() bool {
	return p.SinglePageApp != nil && *p.SinglePageApp
}

// site returns the files of Directory. It panics with an *Error about the construct
// id in scope unless they can be served as the props say.
func (p *StaticFilesProps) site(scope constructs.Construct, id *string) *code.Site {
	p = construct.CopyOf(p)
	site, err := code.NewSite(code.SiteProps{
		Directory:         construct.Text(p.Directory),
		Exclude:           texts(p.Exclude),
		Assembly:          *awscdk.Stage_Of(scope).AssetOutdir(),
		PathPatterns:      texts(p.PathPatterns),
		SinglePageApp:     p.isSinglePageApp(),
		ImmutablePatterns: texts(p.ImmutablePatterns),
	})
	construct.Check(scope, id, err)
	return site
}

// texts returns the values of a list, or nil if that is nil.
func texts(list *[]*string) (values []string) {
	if list == nil {
		return nil
	}
	values = []string{}
	for _, value := range *list {
		values = append(values, *value)
	}
	return values
}
