package lambda

import (
	"cmp"
	"maps"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

const (
	// defaultTimeout is Lambda's timeout of an invocation.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
	defaultTimeout = 3 * time.Second

	// maxTimeout is the longest timeout that Lambda accepts.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
	maxTimeout = 900 * time.Second

	// defaultMemorySize is in MB.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
	defaultMemorySize = 128

	// defaultMaxEnvironments is the quota of concurrent executions of a new account.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	defaultMaxEnvironments = 1000

	// maxLayers is how many layers a function may have.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxLayers = 5

	// initLimit bounds the init phase of an environment that starts on demand.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
	initLimit = 10 * time.Second

	// latestVersion is the version that handlers see: the unpublished one.
	latestVersion = "$LATEST"
)

// MaxBufferedResponse is the longest buffered response, in bytes.
//
// Seen: "maximum allowed payload size (6291556 bytes)".
const MaxBufferedResponse = 6_291_556

// Config describes a function as its template does.
type Config struct {
	// Name is the function's name. Required.
	Name string

	// Label names the function in the log, because a name that AWS generates is
	// hard to read. Default: Name
	Label string

	// Path is the construct path of the function, for traces. Default: Label
	Path string

	// ARN is what the handler sees as the invoked function's ARN.
	// Default: an ARN in Region of the example account 111122223333.
	ARN string

	// Region is the region that the handler sees. Default: us-east-1
	Region string

	// Runtime is the runtime's identifier: provided.al2023, provided.al2,
	// nodejs14.x to nodejs26.x or python3.7 to python3.15, which the nearest
	// interpreter of this machine runs. Required, unless there is a
	// Command.
	Runtime string

	// Command is the program of a container image and its arguments. It runs in
	// CodeDir in place of a runtime, and a program without a slash in its name is
	// looked up in the PATH that it gets. Default: none, Runtime runs the code
	Command []string

	// Handler is the handler's name, "file.function" with the managed runtimes,
	// which require it. Custom runtimes may interpret it as they like.
	Handler string

	// CodeDir is the absolute path of the unpacked code, the task root. Required.
	CodeDir string

	// Layers are the absolute paths of the unpacked layers, in the order of the
	// template. They are merged into /opt, where later ones win. Default: none
	Layers []string

	// Adapter makes package adapter serve in place of AWS's Lambda Web Adapter:
	// the process is the app that listens on a port, which is Command or else the
	// script that Handler names. Default: false
	Adapter bool

	// SearchPath are directories that programs are looked up in before those of
	// Lambda. Default: none
	SearchPath []string

	// Environment holds the function's own variables. Lambda's reserved names
	// are rejected. Default: none
	Environment map[string]string

	// ImageEnvironment holds the variables that a container image sets. Those of
	// Environment win, and Lambda's rules for names and size don't apply.
	// Default: none
	ImageEnvironment map[string]string

	// Credentials are the keys that the handler sees; the developer's own never
	// reach it. Default: keys that are plainly local and that AWS rejects.
	Credentials sigv4.Credentials

	// MemorySize is in MB. The handler sees it, but it isn't enforced. Default: 128
	MemorySize int

	// Timeout bounds an invocation, from the moment the handler gets the event
	// until it asks for the next one; at most 15 minutes. Default: 3 seconds
	Timeout time.Duration

	// ReservedConcurrency is the most requests in progress at once; zero throttles
	// every request. Default: nil, no reservation
	ReservedConcurrency *int

	// MaxEnvironments is the most processes at once. Default: 1000, AWS's quota
	// for an account.
	MaxEnvironments int

	// MaxWait is how long a request waits for a free environment when
	// MaxEnvironments are busy, in the order of arrival. The wait begins again
	// whenever one becomes free. Lambda never queues, but a machine may not cope
	// with as many processes as AWS would start.
	// Default: 0, throttle at once
	MaxWait time.Duration
}

// Check returns a copy of c with nothing left empty, or an error for what Lambda
// rejects, with the property. It doesn't look for programs of this machine.
func (c Config) Check() (Config, error) {
	c = c.withDefaults()
	switch err := checkVariables(c.Environment); {
	case err != nil:
		return c, err
	case c.Timeout < 0 || c.Timeout > maxTimeout:
		return c, fault.In("Timeout", fault.New("use 1 to 900 seconds", "%v is outside Lambda's limits", c.Timeout))
	case len(c.Layers) > maxLayers:
		return c, fault.In("Layers", fault.New("merge some of them", "there are %d layers, and Lambda allows %d", len(c.Layers), maxLayers))
	}
	variables := map[string]string{}
	maps.Copy(variables, c.ImageEnvironment)
	maps.Copy(variables, c.Environment)
	c.Environment = variables
	if c.Adapter {
		return c, fault.In("Environment.Variables", adapter.Check(c.Environment))
	}
	return c, nil
}

func (c Config) withDefaults() Config {
	c.Region = cmp.Or(c.Region, "us-east-1")
	c.Label = cmp.Or(c.Label, c.Name)
	c.Path = cmp.Or(c.Path, c.Label)
	c.ARN = cmp.Or(c.ARN, "arn:aws:lambda:"+c.Region+":111122223333:function:"+c.Name)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.MemorySize = cmp.Or(c.MemorySize, defaultMemorySize)
	c.MaxEnvironments = cmp.Or(c.MaxEnvironments, defaultMaxEnvironments)
	return c
}
