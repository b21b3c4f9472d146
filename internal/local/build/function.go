package build

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// functionProperties are those of AWS::Lambda::Function.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
type functionProperties struct {
	Architectures                []string
	Code                         codeProperties
	Environment                  struct{ Variables map[string]string }
	Handler                      string
	MemorySize                   int
	ReservedConcurrentExecutions *int
	Runtime                      string
	Timeout                      int

	CapacityProviderConfig notPlayed
	DurableConfig          notPlayed
	FileSystemConfigs      notPlayed
	ImageConfig            notPlayed
	Layers                 notPlayed
	TenancyConfig          notPlayed

	CodeSigningConfigArn     noEffect
	DeadLetterConfig         noEffect
	Description              noEffect
	EphemeralStorage         noEffect
	FunctionName             noEffect // the deployment has it as Ref
	FunctionScalingConfig    noEffect
	KmsKeyArn                noEffect
	LoggingConfig            noEffect
	PackageType              noEffect // Image comes with ImageUri, which is not played
	PublishToLatestPublished noEffect
	RecursiveLoop            noEffect
	Role                     noEffect // handlers get no credentials of AWS
	RuntimeManagementConfig  noEffect
	SnapStart                noEffect
	Tags                     noEffect
	TracingConfig            noEffect
	VpcConfig                noEffect
}

// maxWait is how long a request waits for a free environment where the machine
// allows fewer than AWS would start.
const maxWait = 30 * time.Second

// maxEdgeEnvironments is how many processes may run one Lambda@Edge function at
// once. They answer within milliseconds, so a few serve many viewers.
const maxEdgeEnvironments = 8

// functions holds the Lambda functions of an edge. Each is made when something
// on the path of a request needs it.
type functions struct {
	assembly *assembly.Assembly
	options  Options
	log      *slog.Logger

	temp  string
	byARN map[string]*lambda.Function
	made  []*lambda.Function
}

func newFunctions(cloud *assembly.Assembly, options Options, log *slog.Logger) *functions {
	if options.MaxEnvironments == 0 {
		options.MaxEnvironments = DefaultMaxEnvironments
	}
	return &functions{assembly: cloud, options: options, log: log, byARN: map[string]*lambda.Function{}}
}

// of returns the function that a resource defines, and its ARN. An edge
// function runs in few environments.
func (f *functions) of(r *template.Resource, atEdge bool) (*lambda.Function, string, error) {
	arn, err := r.Attribute("Arn")
	if err != nil {
		return nil, "", err
	}
	if function, ok := f.byARN[arn]; ok {
		return function, arn, nil
	}
	function, err := f.make(r, arn, atEdge)
	if err != nil {
		return nil, "", err
	}
	f.byARN[arn] = function
	f.made = append(f.made, function)
	return function, arn, nil
}

func (f *functions) make(r *template.Resource, arn string, atEdge bool) (*lambda.Function, error) {
	var properties functionProperties
	if err := decodeProperties(r, &properties, f.log); err != nil {
		return nil, err
	}
	name, err := r.Attribute("Ref")
	if err != nil {
		return nil, err
	}
	if f.temp == "" {
		if f.temp, err = os.MkdirTemp("", "cloudfurl"); err != nil {
			return nil, err
		}
	}
	dir, err := codeDirectory(f.assembly, r, properties.Code, properties.Runtime, f.temp)
	if err != nil {
		return nil, err
	}
	environments := f.options.MaxEnvironments
	if atEdge {
		f.adviseEdgeFunction(r, properties)
		environments = min(environments, maxEdgeEnvironments)
	} else if reserved := properties.ReservedConcurrentExecutions; reserved != nil {
		environments = max(environments, *reserved)
	}
	function, err := lambda.New(lambda.Config{
		Name:                name,
		Label:               label(r),
		ARN:                 arn,
		Region:              r.Region,
		Runtime:             properties.Runtime,
		Handler:             properties.Handler,
		CodeDir:             dir,
		Environment:         properties.Environment.Variables,
		MemorySize:          properties.MemorySize,
		Timeout:             time.Duration(properties.Timeout) * time.Second,
		ReservedConcurrency: properties.ReservedConcurrentExecutions,
		MaxEnvironments:     environments,
		MaxWait:             maxWait,
	}, f.log)
	if err != nil {
		return nil, resourceError(r, "%w", err)
	}
	return function, nil
}

// warm starts one environment of each function.
func (f *functions) warm(ctx context.Context) {
	var started sync.WaitGroup
	for _, function := range f.made {
		started.Go(func() {
			// What goes wrong is in the log, and comes again with a request.
			_ = function.Start(ctx)
		})
	}
	started.Wait()
}

// close ends the processes of all functions and removes what was unpacked.
func (f *functions) close() error {
	var errs []error
	for _, function := range slices.Backward(f.made) {
		errs = append(errs, function.Close())
	}
	if f.temp != "" {
		errs = append(errs, os.RemoveAll(f.temp))
	}
	return errors.Join(errs...)
}

// functionNamed returns the resource of the function that an ARN, a partial ARN
// or a name means, and the qualifier that follows it, if any.
func (b *builder) functionNamed(name string) (*template.Resource, string, error) {
	candidates, err := b.deployment.ResourcesOfType("AWS::Lambda::Function")
	if err != nil {
		return nil, "", err
	}
	for _, candidate := range candidates {
		if qualifier, ok := names(candidate, name); ok {
			return candidate, qualifier, nil
		}
	}
	return nil, "", fmt.Errorf("no stack of the assembly defines the function %s: define it in the app", name)
}
