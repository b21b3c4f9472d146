package build

import (
	"cmp"
	"log/slog"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// A builder makes an App of a deployment.
type builder struct {
	assembly   *assembly.Assembly
	deployment *template.Deployment
	functions  *functions
	buckets    *buckets
	stores     map[string]bool   // key value stores, by logical id and by name
	imported   map[string]bool   // ARNs that Options.Functions may use
	origins    map[string]bool   // names that Options.Origins may use
	foreign    map[string]bool   // what the log says is served from outside the assembly
	urlOf      map[string]string // paths of function URLs, by the ARN that they belong to
	stubbed    []string          // what stubs have logged
	keys       *keyring
	layers     *layers
	options    Options
	log        *slog.Logger

	app      App
	findings []Finding
	paths    iam.Paths // of what was built

	// mu guards the builder when edge functions choose origins, after the build.
	mu sync.Mutex
}

// Build makes what the stacks of an assembly define, without a look at the programs
// of this machine. An error names the construct or file, and the property.
func Build(cloud *assembly.Assembly, options Options, log *slog.Logger) (*App, error) {
	b, err := newBuilder(cloud, options, log)
	if err != nil {
		return nil, err
	}
	if err := b.build(); err != nil {
		return nil, b.app.abandon(err)
	}
	return &b.app, nil
}

func newBuilder(cloud *assembly.Assembly, options Options, log *slog.Logger) (*builder, error) {
	if options.AWS != nil {
		for _, s := range cloud.Stacks {
			s.Region = cmp.Or(s.Region, options.AWS.Region) // as cdk deploy does
		}
	}
	deployment, err := template.New(cloud.Stacks, options.Values)
	if err == nil {
		err = deployment.SetParameters(options.Parameters)
	}
	if err != nil {
		return nil, err
	}
	secrets := deployment.Secrets()
	maps.Copy(secrets, options.Values)
	options.Values = secrets // from here on, what errors must not show
	b := &builder{
		assembly:   cloud,
		deployment: deployment,
		functions:  newFunctions(options, log),
		buckets:    &buckets{byName: map[string]*originBucket{}, known: map[string]bool{}, given: map[string]bool{}},
		stores:     map[string]bool{},
		imported:   map[string]bool{},
		origins:    map[string]bool{},
		foreign:    map[string]bool{},
		urlOf:      map[string]string{},
		keys:       newKeyring(),
		paths:      iam.Paths{},
		options:    options,
		log:        log,
	}
	b.functions.credentials = func(roleARN, account, functionName string) sigv4.Credentials {
		if options.AWS != nil {
			b.keys.addAdministrator(options.AWS.Credentials, account)
			return options.AWS.Credentials
		}
		return b.keys.addRole(b.roleOf(roleARN), account, functionName)
	}
	b.layers = &layers{b: b, named: map[string]bool{}, unpacked: map[string]string{}}
	deployment.Skipped = b.skip
	b.functions.layers, b.functions.stubOf, b.functions.trustsEdge, b.functions.foundAt = b.layers.of, b.stub, b.trustsEdge, b.foundAt
	b.app.functions = b.functions
	return b, nil
}

// build makes function URLs and REST APIs first, because the origins of
// distributions reach them.
func (b *builder) build() error {
	b.adviseAssembly()
	for _, step := range []func() error{
		b.checkFunctionNames,
		b.buildFunctionURLs,
		b.buildRESTAPIs,
		b.buildDistributions,
		b.buildBucketEndpoint,
		b.checkNames,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if len(b.app.Parts) == 0 {
		return fault.New("use an app or template that defines one of them",
			"no stack has an AWS::CloudFront::Distribution, an AWS::Lambda::Url or an AWS::ApiGateway::RestApi")
	}
	chooseMain(b.app.Parts)
	b.app.Outputs = b.deployment.Outputs()
	b.options.Traces.Explain(b.meanings())
	return nil
}

// meanings returns what says of which construct a made-up ARN or domain name is.
func (b *builder) meanings() func(value string) string {
	paths, domains := maps.Clone(b.paths), map[string]string{}
	for _, e := range b.app.endpoints {
		domains[e.domain] = "the domain of " + e.path
	}
	return func(value string) string {
		if named := paths.ARNOf(value); named != value {
			return named
		}
		return domains[value]
	}
}

// adviseAssembly logs that an assembly may have what this version of cloudfurl
// doesn't know.
func (b *builder) adviseAssembly() {
	if b.assembly.Newer != "" {
		fault.Log(b.log, slog.LevelWarn, "the assembly was written by a newer CDK than this cloudfurl knows",
			"its manifest has schema "+b.assembly.Newer, "if something isn't served as expected, use a newer cloudfurl")
	}
}

// wrong returns an error about a property of a resource.
func wrong(r *template.Resource, property, hint, format string, args ...any) error {
	return fault.At(r.Path, fault.In(property, fault.New(hint, format, args...)))
}

// label returns the short name of a function for the log. Constructs that are
// called just Function or Handler are better named by their parents, unless those
// are stacks: an endpoint may have several.
func label(r *template.Resource) string {
	name := r.Path
	for _, common := range []string{"/Function", "/Handler"} {
		if outer := strings.TrimSuffix(name, common); strings.Contains(outer, "/") {
			name = outer
		}
	}
	return path.Base(name)
}
