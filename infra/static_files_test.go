package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

const siteDirectory = "./testdata/site"

// distributionConfig returns the configuration of the only distribution.
func distributionConfig(t *testing.T, template synthtest.Template) any {
	t.Helper()
	return synthtest.At(t, template.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
}

// deploymentProperties returns the properties of the deployment that excludes
// everything else (immutable), or of the other one.
func deploymentProperties(t *testing.T, template synthtest.Template, immutable bool) map[string]any {
	t.Helper()
	for _, resource := range template.Resources("Custom::CDKBucketDeployment") {
		if strings.Contains(resource.LogicalID, "Immutable") == immutable {
			return resource.Properties
		}
	}
	t.Fatalf("got no deployment with immutable files %v", immutable)
	return nil
}

func TestEndpoint_serves_a_site_with_the_handler_below_api(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)},
	})
	if endpoint.StaticFiles == nil || endpoint.StaticFiles.Bucket == nil || endpoint.StaticFiles.OriginAccessControl == nil {
		t.Errorf("got StaticFiles %+v, want its parts", endpoint.StaticFiles)
	}
	consumer := synthtest.Templates(app)["Consumer"]
	config := distributionConfig(t, consumer)
	site, api := synthtest.At(t, config, "DefaultCacheBehavior"), synthtest.At(t, config, "CacheBehaviors", 0)
	for key, want := range map[string]any{"Compress": true, "ViewerProtocolPolicy": "redirect-to-https"} {
		if got := synthtest.At(t, site, key); got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	if got := synthtest.Text(t, synthtest.At(t, site, "AllowedMethods")); got != `["GET","HEAD"]` {
		t.Errorf("got AllowedMethods %s, want GET and HEAD", got)
	}
	if _, ok := site.(map[string]any)["LambdaFunctionAssociations"]; ok {
		t.Error("got a Lambda@Edge function for the site, want none")
	}
	if got := synthtest.At(t, api, "PathPattern"); got != "/api/*" {
		t.Errorf("got PathPattern %v, want /api/*", got)
	}
	if got := synthtest.At(t, api, "LambdaFunctionAssociations", 0, "EventType"); got != "origin-request" {
		t.Errorf("got %v, want body_hasher at origin-request", got)
	}
	if got := synthtest.At(t, config, "HttpVersion"); got != "http2and3" {
		t.Errorf("got HttpVersion %v, want http2and3", got)
	}
	// They would replace the errors of the API, too.
	if _, ok := config.(map[string]any)["CustomErrorResponses"]; ok {
		t.Error("got CustomErrorResponses, want none")
	}
}

func TestEndpoint_serves_a_site_beside_patterns_of_the_handler(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles:  &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)},
		PathPatterns: jsii.Strings("/api/*", "/events"),
	})
	config := distributionConfig(t, synthtest.Templates(app)["Consumer"])
	for i, want := range []string{"/api/*", "/events"} {
		if got := synthtest.At(t, config, "CacheBehaviors", i, "PathPattern"); got != want {
			t.Errorf("got PathPattern %v, want %s", got, want)
		}
	}
	if got := len(synthtest.At(t, config, "Origins").([]any)); got != 2 {
		t.Errorf("got %d origins, want one bucket and one function", got)
	}
}

func TestEndpoint_serves_files_beside_a_handler_of_pages(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{
			Directory:    jsii.String(siteDirectory),
			PathPatterns: jsii.Strings("/css/*", "/assets/*"),
		},
	})
	consumer := synthtest.Templates(app)["Consumer"]
	config := distributionConfig(t, consumer)
	bucket := synthtest.At(t, config, "CacheBehaviors", 0, "TargetOriginId")
	for i, want := range []string{"/css/*", "/assets/*"} {
		behavior := synthtest.At(t, config, "CacheBehaviors", i)
		if got := synthtest.At(t, behavior, "PathPattern"); got != want {
			t.Errorf("got PathPattern %v, want %s", got, want)
		}
		if got := synthtest.At(t, behavior, "TargetOriginId"); got != bucket {
			t.Errorf("got origin %v, want %v for all patterns", got, bucket)
		}
	}
	if got := synthtest.At(t, config, "DefaultCacheBehavior", "TargetOriginId"); got == bucket {
		t.Error("got the bucket as default, want the handler")
	}
	if got := synthtest.Text(t, deploymentProperties(t, consumer, false)["DistributionPaths"]); got != `["/css/*","/assets/*"]` {
		t.Errorf("got invalidation of %s, want the patterns", got)
	}
}

func TestStaticFiles_are_readable_by_one_distribution_only(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)},
	})
	consumer := synthtest.Templates(app)["Consumer"]
	bucket := consumer.Only(t, "AWS::S3::Bucket")
	for _, setting := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if got := synthtest.At(t, bucket.Properties, "PublicAccessBlockConfiguration", setting); got != true {
			t.Errorf("got %s %v, want true", setting, got)
		}
	}
	if bucket.DeletionPolicy != "Delete" {
		t.Errorf("got DeletionPolicy %q, want Delete", bucket.DeletionPolicy)
	}
	// BucketDeployment doesn't empty a bucket with its tag.
	if text := synthtest.Text(t, bucket.Properties); strings.Contains(text, "cr-owned") {
		t.Errorf("got the tag of BucketDeployment in %s, want none", text)
	}
	if got := deploymentProperties(t, consumer, false)["RetainOnDelete"]; got != false {
		t.Errorf("got RetainOnDelete %v, want false", got)
	}
	statements := synthtest.At(t, consumer.Only(t, "AWS::S3::BucketPolicy").Properties, "PolicyDocument", "Statement").([]any)
	var actions []string
	for _, statement := range statements {
		if synthtest.At(t, statement, "Effect") != "Allow" {
			continue
		}
		actions = append(actions, synthtest.At(t, statement, "Action").(string))
		if got := synthtest.At(t, statement, "Principal", "Service"); got != "cloudfront.amazonaws.com" {
			t.Errorf("got Principal %v, want CloudFront", got)
		}
		if arn := synthtest.Text(t, synthtest.At(t, statement, "Condition", "StringEquals", "AWS:SourceArn")); !strings.Contains(arn, "Distribution") {
			t.Errorf("got SourceArn %s, want the distribution's", arn)
		}
	}
	if !slices.Equal(actions, []string{"s3:GetObject", "s3:ListBucket"}) {
		t.Errorf("got permitted actions %v, want GetObject, and ListBucket for 404s", actions)
	}
}

func TestStaticFiles_are_immutable_if_their_names_have_hashes(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)},
	})
	consumer := synthtest.Templates(app)["Consumer"]
	hashed, others := deploymentProperties(t, consumer, true), deploymentProperties(t, consumer, false)
	for _, test := range []struct {
		properties map[string]any
		key        string
		want       string
	}{
		{hashed, "SystemMetadata", `{"cache-control":"public, max-age=31536000, immutable"}`},
		{hashed, "Exclude", `["*"]`},
		{hashed, "Include", `["assets/*"]`},
		{hashed, "Prune", `false`},
		{others, "SystemMetadata", `{"cache-control":"public, max-age=0, must-revalidate"}`},
		{others, "Exclude", `["assets/*"]`},
		{others, "Prune", `true`},
		{others, "DistributionPaths", `["/*"]`},
	} {
		if got := synthtest.Text(t, test.properties[test.key]); got != test.want {
			t.Errorf("got %s %s, want %s", test.key, got, test.want)
		}
	}
}

func TestStaticFiles_without_immutable_files_have_one_deployment(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory), ImmutablePatterns: jsii.Strings()},
	})
	deployment := synthtest.Templates(app)["Consumer"].Only(t, "Custom::CDKBucketDeployment")
	if got := synthtest.Text(t, deployment.Properties["SystemMetadata"]); !strings.Contains(got, "must-revalidate") {
		t.Errorf("got %s, want must-revalidate", got)
	}
}

func TestStaticFiles_find_the_index_of_a_path(t *testing.T) {
	for _, test := range []struct {
		singlePageApp bool
		want          []string
	}{
		{false, []string{"request.uri += 'index.html'", `const files = ["/.well-known/apple-app-site-association"];`}},
		{true, []string{"request.uri = '/index.html'", `const files = ["/.well-known/apple-app-site-association"];`}},
	} {
		app := newApp()
		stack := newStack(app, "Consumer", "eu-west-1")
		infra.NewStaticFiles(stack, jsii.String("Files"), &infra.StaticFilesProps{
			Directory:     jsii.String(siteDirectory),
			SinglePageApp: jsii.Bool(test.singlePageApp),
		})
		function := synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Function")
		for _, want := range test.want {
			if code := function.Properties["FunctionCode"].(string); !strings.Contains(code, want) {
				t.Errorf("got the code %s, want %s in it", code, want)
			}
		}
	}
}

func TestStaticFiles_alone(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	site := infra.NewStaticFiles(stack, jsii.String("Site"), &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)})
	awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: site.Behavior()})
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(synthtest.Templates(app)["Consumer"])))
}

func TestStaticFiles_AddBehaviors_extends_an_existing_distribution(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	site := infra.NewStaticFiles(stack, jsii.String("Site"), &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)})
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: site.Behavior()})
	files := infra.NewStaticFiles(stack, jsii.String("Files"), &infra.StaticFilesProps{
		Directory:    jsii.String(siteDirectory),
		PathPatterns: jsii.Strings("/css/*", "/docs/*"),
	})
	files.AddBehaviors(distribution)

	consumer := synthtest.Templates(app)["Consumer"]
	config := distributionConfig(t, consumer)
	if got := len(synthtest.At(t, config, "CacheBehaviors").([]any)); got != 2 {
		t.Errorf("got %d behaviors, want one for each pattern", got)
	}
	for _, deployment := range consumer.Resources("Custom::CDKBucketDeployment") {
		_, invalidates := deployment.Properties["DistributionId"]
		if want := !strings.Contains(deployment.LogicalID, "Immutable"); invalidates != want {
			t.Errorf("%s: got invalidation %v, want %v", deployment.LogicalID, invalidates, want)
		}
	}
	if got := len(consumer.Resources("AWS::Logs::LogGroup")); got != 1 {
		t.Errorf("got %d log groups, want one for all deployments", got)
	}
}
