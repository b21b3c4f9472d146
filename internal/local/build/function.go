package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// functionProperties are those of AWS::Lambda::Function.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
type functionProperties struct {
	Architectures                []string
	Code                         codeProperties
	Environment                  struct{ Variables template.Texts }
	EphemeralStorage             struct{ Size int } // Lambda@Edge rejects more than 512
	Handler                      string
	ImageConfig                  imageConfig
	Layers                       []string
	MemorySize                   int
	ReservedConcurrentExecutions *int
	Role                         template.Lazy
	Runtime                      string
	Timeout                      int
	TracingConfig                struct{ Mode string } // Lambda@Edge rejects active tracing

	CapacityProviderConfig, DurableConfig, FileSystemConfigs, TenancyConfig template.Unsupported

	CodeSigningConfigArn, DeadLetterConfig, Description                                          template.NoEffect
	FunctionName                                                                                 template.NoEffect // it is Ref
	FunctionScalingConfig, KmsKeyArn, LoggingConfig                                              template.NoEffect
	PackageType                                                                                  template.NoEffect // Image comes with Code.ImageUri
	PublishToLatestPublished, RecursiveLoop, RuntimeManagementConfig, SnapStart, Tags, VpcConfig template.NoEffect
}

// maxWait is how long a request waits in a line that doesn't move, for a free
// environment, where the machine allows fewer than AWS would start.
const maxWait = 30 * time.Second

// maxEdgeEnvironments is how many processes may run one Lambda@Edge function at
// once. They respond within milliseconds, so a few serve many viewers.
const maxEdgeEnvironments = 8

// functions holds the Lambda functions of an edge. Each is made when a function
// URL or a behavior needs it.
type functions struct {
	options     Options
	log         *slog.Logger
	credentials func(roleARN, account, functionName string) sigv4.Credentials
	layers      func(*template.Resource, functionProperties) (dirs []string, adapter bool, err error)
	trustsEdge  func(roleARN string) bool
	stubOf      func(unsupported error, key string) stub
	foundAt     func(rule, happens string, err error)

	s3 bucketEndpoint

	checking bool // whether functions count without code that can run here

	temp string
	made []*function
}

func newFunctions(options Options, log *slog.Logger) *functions {
	options.MaxEnvironments = cmp.Or(options.MaxEnvironments, DefaultMaxEnvironments)
	return &functions{options: options, log: log}
}

// of returns the function that a resource defines. An edge function runs in few
// environments.
func (f *functions) of(r *template.Resource, atEdge bool) (*function, error) {
	arn, err := r.Attribute("Arn")
	if err != nil {
		return nil, err
	}
	for _, made := range f.made {
		if made.config.ARN == arn {
			return made, nil
		}
	}
	made, err := f.make(r, arn, atEdge)
	if err != nil {
		return nil, err
	}
	f.made = append(f.made, made)
	return made, nil
}

func (f *functions) make(r *template.Resource, arn string, atEdge bool) (*function, error) {
	var properties functionProperties
	if err := r.Decode(&properties, f.log); err != nil {
		return nil, err
	}
	name, err := r.Attribute("Ref")
	if err != nil {
		return nil, err
	}
	config, find, err := f.program(r, properties)
	if f.checking && errors.Is(err, template.ErrUnsupported) {
		config, err = lambda.Config{Runtime: properties.Runtime}, nil
	}
	if err != nil {
		return nil, err
	}
	var credentials sigv4.Credentials
	if role, err := properties.Role.Value(); f.options.AWS != nil || err == nil && role != nil {
		credentials = f.credentials(fmt.Sprint(role), r.Account, name)
	}
	environments := f.options.MaxEnvironments
	if atEdge {
		f.checkEdgeFunction(r, properties)
		environments = min(environments, maxEdgeEnvironments)
	} else if reserved := properties.ReservedConcurrentExecutions; reserved != nil {
		environments = max(environments, *reserved)
	}
	environment := f.variables(r, properties.Environment.Variables)
	complete := func(config lambda.Config) lambda.Config {
		config.Name, config.Label, config.Path, config.ARN, config.Region = name, label(r), r.Path, arn, r.Region
		config.Environment, config.Credentials = environment, credentials
		config.MemorySize, config.Timeout = properties.MemorySize, time.Duration(properties.Timeout)*time.Second
		config.ReservedConcurrency = properties.ReservedConcurrentExecutions
		config.MaxEnvironments, config.MaxWait = environments, maxWait
		return config
	}
	config, err = complete(config).Check()
	made := &function{r: r, properties: properties, atEdge: atEdge, config: config}
	if find != nil {
		made.find = func() (lambda.Config, error) {
			found, err := find()
			return complete(found), err
		}
	}
	return made, fault.At(r.Path, err)
}

// program returns what runs a function, or how to find that on this machine: its
// runtime and code, a container image, or the command of Options.Commands.
func (f *functions) program(r *template.Resource, p functionProperties) (config lambda.Config, find func() (lambda.Config, error), err error) {
	command := cmp.Or(f.options.Commands[r.LogicalID], f.options.Commands[r.Path])
	switch {
	case p.Code.isImage():
		return f.image(r, p, command)
	case command != "":
		config, err = f.commanded(r, p, command)
	default:
		config, err = f.managed(r, p)
	}
	return config, nil, err
}

// managed returns how a runtime runs a function's code.
func (f *functions) managed(r *template.Resource, p functionProperties) (lambda.Config, error) {
	// Before the code, whose errors would distract from the runtime.
	if err := lambda.CheckRuntime(p.Runtime); err != nil {
		return lambda.Config{}, fault.At(r.Path, unsupported(err.Property, err.Hint, err.Problem))
	}
	if day := lambda.LastDay(p.Runtime); day != "" {
		f.foundAt("runtime", "its runtime "+p.Runtime+" is deprecated", wrong(r, "Runtime", "declare a newer runtime",
			"AWS takes no new function with it from %s on", day))
	}
	config, err := f.code(r, p)
	config.Runtime, config.Handler = p.Runtime, p.Handler
	return config, err
}

// code returns the code and the layers of a function.
func (f *functions) code(r *template.Resource, p functionProperties) (lambda.Config, error) {
	dir, err := codeDirectory(r, p.Code, p.Runtime, f.newDir)
	if err != nil {
		return lambda.Config{}, err
	}
	layers, adapter, err := f.layers(r, p)
	return lambda.Config{CodeDir: dir, Layers: layers, Adapter: adapter}, err
}

// newDir returns a new directory for what is unpacked, which close removes.
func (f *functions) newDir(kind string) (dir string, err error) {
	if f.temp == "" {
		if f.temp, err = os.MkdirTemp("", "cloudfurl"); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(f.temp, kind)
}

// warm starts one environment of each function.
func (f *functions) warm(ctx context.Context) {
	var started sync.WaitGroup
	for _, made := range f.made {
		if made.running != nil {
			started.Go(func() {
				// An error is logged, and occurs again with a request.
				_ = made.running.Start(ctx)
			})
		}
	}
	started.Wait()
}

// close ends the processes of all functions and removes what was unpacked.
func (f *functions) close() error {
	errs := []error{f.s3.server.Close()}
	for _, made := range slices.Backward(f.made) {
		if made.running != nil {
			errs = append(errs, made.running.Close())
		}
	}
	if f.temp != "" {
		errs = append(errs, os.RemoveAll(f.temp))
	}
	return errors.Join(errs...)
}

// functionNamed returns the resource of the function that an ARN, a partial ARN
// or a name means, and the qualifier that follows it, if any; or the function of
// Options.Functions.
func (b *builder) functionNamed(name string) (*template.Resource, string, error) {
	candidates, err := b.deployment.ResourcesOfType("AWS::Lambda::Function")
	if err != nil {
		return nil, "", err
	}
	given := b.options.Functions[name]
	for _, candidate := range candidates {
		if qualifier, ok := matchFunctionName(candidate, name); ok {
			return candidate, qualifier, nil
		}
		if given != "" && (candidate.LogicalID == given || candidate.Path == given) {
			b.imported[name] = true
			return candidate, "", nil
		}
	}
	b.imported[name] = true
	if given != "" {
		return nil, "", fault.At("--function", fault.New("use the logical id or construct path of a function", "there is no function %s", given))
	}
	return nil, "", unsupported("", "define the function in the app, or put one of the app in its place with --function "+name+"=FUNCTION",
		"function "+name+" isn't defined in this assembly")
}
