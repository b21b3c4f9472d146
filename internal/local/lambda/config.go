package lambda

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	// defaultTimeout is how long Lambda lets an invocation run if not told.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
	defaultTimeout = 3 * time.Second

	// maxTimeout is the longest timeout that Lambda takes.
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

	// initLimit bounds the init phase of an environment that starts on demand.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
	initLimit = 10 * time.Second
)

// Config describes a function as its template does.
type Config struct {
	// Name is the function's name. Required.
	Name string

	// Label is what the log calls the function, for a name that AWS makes up is
	// hard to read. Default: Name
	Label string

	// ARN is what the handler sees as the invoked function's ARN.
	// Default: an ARN in Region of the example account 111122223333.
	ARN string

	// Version is the published version. Default: $LATEST
	Version string

	// Region is the region that the handler sees. Default: us-east-1
	Region string

	// Runtime is the runtime's identifier: provided.al2023, provided.al2,
	// nodejs20.x, nodejs22.x, nodejs24.x or python3.11 to python3.14. Required.
	Runtime string

	// Handler is the handler's name, "file.function" with the managed runtimes;
	// a custom runtime may read it as it likes. Required for those.
	Handler string

	// CodeDir is the directory of the unpacked code, the task root. Required.
	CodeDir string

	// Environment holds the function's own variables. Lambda's reserved names
	// are refused. Default: none
	Environment map[string]string

	// Credentials are the keys that the handler sees. The developer's own never
	// reach it unless they are given here. Default: keys that are plainly local
	// and that no AWS service accepts.
	Credentials Credentials

	// MemorySize is in MB. It is shown to the handler, not enforced. Default: 128
	MemorySize int

	// Timeout bounds an invocation, from the moment the handler gets the event
	// until it asks for the next one; at most 15 minutes. Default: 3 seconds
	Timeout time.Duration

	// ReservedConcurrency is the most requests in progress at once; zero throttles
	// every request. Default: nil, no reservation
	ReservedConcurrency *int

	// MaxEnvironments is the most processes at once. Default: 1000, AWS's quota
	// for an account; choose what the machine can bear.
	MaxEnvironments int

	// MaxWait is how long a request waits for a free environment when
	// MaxEnvironments are busy, in the order of arrival. Lambda never queues:
	// it is for a machine that can't bear as many processes as AWS would start.
	// Default: 0, throttle at once
	MaxWait time.Duration

	// NodePath is the node program of the nodejs runtimes. Default: "node" in PATH
	NodePath string

	// PythonPath is the python program of the python runtimes.
	// Default: the runtime's own version in PATH, else "python3" in PATH
	PythonPath string
}

// Credentials are the keys of a function's role, as its environment has them.
type Credentials struct {
	// AccessKeyID is AWS_ACCESS_KEY_ID. Empty means none of the three is given.
	AccessKeyID string

	// SecretAccessKey is AWS_SECRET_ACCESS_KEY.
	SecretAccessKey string

	// SessionToken is AWS_SESSION_TOKEN; left out when empty.
	SessionToken string
}

// withDefaults returns a checked copy of c with nothing left empty.
func (c Config) withDefaults() (Config, error) {
	if c.Name == "" {
		return c, fmt.Errorf("lambda: a function without a name; set Name")
	}
	fail := func(format string, args ...any) (Config, error) {
		return c, fmt.Errorf("lambda: function %s: %s", c.Name, fmt.Sprintf(format, args...))
	}
	if c.Timeout < 0 || c.Timeout > maxTimeout {
		return fail("Timeout is %v; Lambda takes up to %v", c.Timeout, maxTimeout)
	}
	if c.ReservedConcurrency != nil && *c.ReservedConcurrency < 0 {
		return fail("ReservedConcurrency is %d; give 0 or more", *c.ReservedConcurrency)
	}
	if c.MemorySize < 0 || c.MaxEnvironments < 0 || c.MaxWait < 0 {
		return fail("MemorySize %d, MaxEnvironments %d, MaxWait %v; none may be negative", c.MemorySize, c.MaxEnvironments, c.MaxWait)
	}
	if c.CodeDir == "" {
		return fail("no CodeDir; give the directory of the unpacked code")
	}
	dir, err := filepath.Abs(c.CodeDir)
	if err != nil {
		return fail("CodeDir %q: %v", c.CodeDir, err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fail("CodeDir %s is not a directory; synthesize again, or unpack the code there", dir)
	}
	c.CodeDir = dir

	c.Version = cmp.Or(c.Version, "$LATEST")
	c.Region = cmp.Or(c.Region, "us-east-1")
	c.Label = cmp.Or(c.Label, c.Name)
	c.ARN = cmp.Or(c.ARN, "arn:aws:lambda:"+c.Region+":111122223333:function:"+c.Name)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.MemorySize = cmp.Or(c.MemorySize, defaultMemorySize)
	c.MaxEnvironments = cmp.Or(c.MaxEnvironments, defaultMaxEnvironments)
	return c, nil
}
