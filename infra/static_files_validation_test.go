package infra_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestStaticFiles_reject_invalid_props(t *testing.T) {
	site := jsii.String(siteDirectory)
	for name, test := range map[string]struct {
		props *infra.StaticFilesProps
		want  []string
	}{
		"no props":     {nil, []string{"StaticFiles got no directory"}},
		"no directory": {&infra.StaticFilesProps{}, []string{"StaticFiles got no directory"}},
		"a site without index.html": {
			&infra.StaticFilesProps{Directory: jsii.String("./testdata/site/css")},
			[]string{"without index.html", "PathPatterns"},
		},
		"no patterns":   {&infra.StaticFilesProps{Directory: site, PathPatterns: jsii.Strings()}, []string{"empty list of PathPatterns"}},
		"no such files": {&infra.StaticFilesProps{Directory: site, PathPatterns: jsii.Strings("/images/*")}, []string{"/images/*", "has no file"}},
		"immutable pages": {
			&infra.StaticFilesProps{Directory: site, ImmutablePatterns: jsii.Strings("*")},
			[]string{"selects the page docs/index.html"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			message := synthtest.Failure(t, func() { infra.NewStaticFiles(stack, jsii.String("Bad"), test.props) })
			for _, want := range append(test.want, "Consumer/Bad: ") {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestStaticFiles_reject_too_many_names_without_a_dot(t *testing.T) {
	dir := t.TempDir()
	for i := range 100 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%0100d", i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	message := synthtest.Failure(t, func() {
		infra.NewStaticFiles(stack, jsii.String("Bad"), &infra.StaticFilesProps{Directory: &dir, PathPatterns: jsii.Strings("/0*")})
	})
	if want := "100 files without a dot"; !strings.Contains(message, want) {
		t.Errorf("got %q, want it to say %q", message, want)
	}
}

func TestEndpoint_rejects_patterns_of_static_files(t *testing.T) {
	site := func(patterns *[]*string) *infra.StaticFilesProps {
		return &infra.StaticFilesProps{Directory: jsii.String(siteDirectory), PathPatterns: patterns}
	}
	for name, test := range map[string]struct {
		props infra.EndpointProps
		want  []string
	}{
		"patterns without a site": {
			infra.EndpointProps{PathPatterns: jsii.Strings("/api/*")},
			[]string{"Consumer/Api: ", "its handler serves all paths"},
		},
		"two kinds of patterns": {
			infra.EndpointProps{PathPatterns: jsii.Strings("/api/*"), StaticFiles: site(jsii.Strings("/css/*"))},
			[]string{"Consumer/Api: ", "its handler serves all paths"},
		},
		"no patterns": {
			infra.EndpointProps{PathPatterns: jsii.Strings(), StaticFiles: site(nil)},
			[]string{"Consumer/Api: ", "empty list of PathPatterns"},
		},
		"no slash": {
			infra.EndpointProps{PathPatterns: jsii.Strings("api/*"), StaticFiles: site(nil)},
			[]string{"Consumer/Api: ", `PathPattern "api/*"`, `"/api/*"`},
		},
		"a pattern twice": {
			infra.EndpointProps{PathPatterns: jsii.Strings("/api/*", "/api/*"), StaticFiles: site(nil)},
			[]string{"Consumer/Api: ", "/api/*", "another behavior"},
		},
		"a missing directory": {
			infra.EndpointProps{StaticFiles: &infra.StaticFilesProps{Directory: jsii.String("./dist")}},
			[]string{"Consumer/Api/StaticFiles: ", "doesn't exist"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			message := synthtest.Failure(t, func() { newEndpoint(stack, test.props) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestEndpoint_AddBehavior_rejects_a_pattern_of_static_files(t *testing.T) {
	endpoint := newEndpoint(newStack(newApp(), "Consumer", "eu-west-1"), infra.EndpointProps{
		StaticFiles: &infra.StaticFilesProps{Directory: jsii.String(siteDirectory), PathPatterns: jsii.Strings("/css/*")},
	})
	message := synthtest.Failure(t, func() {
		endpoint.AddBehavior(jsii.String("Css"), &infra.BehaviorProps{
			PathPattern: jsii.String("/css/*"),
			Handler:     infra.GoHandler("./testdata/handler"),
		})
	})
	for _, want := range []string{"Consumer/Api/Css: ", "/css/*", "another behavior"} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
}

func TestStaticFiles_AddBehaviors_needs_patterns(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	files := infra.NewStaticFiles(stack, jsii.String("Files"), &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)})
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: files.Behavior()})
	message := synthtest.Failure(t, func() { files.AddBehaviors(distribution) })
	for _, want := range []string{"Consumer/Files: ", "no PathPatterns", "DefaultBehavior"} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
}

func TestStaticFiles_reject_a_distribution_in_another_stack(t *testing.T) {
	app := newApp()
	files := infra.NewStaticFiles(newStack(app, "Files", "eu-west-1"), jsii.String("Files"), &infra.StaticFilesProps{Directory: jsii.String(siteDirectory)})
	awscloudfront.NewDistribution(newStack(app, "Front", "eu-west-1"), jsii.String("Distribution"), &awscloudfront.DistributionProps{DefaultBehavior: files.Behavior()})
	message := synthtest.Failure(t, func() { app.Synth(&awscdk.StageSynthesisOptions{}) })
	for _, want := range []string{"Files/Files", "another stack than the distribution"} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
}
