package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// DefaultMaxEnvironments is how many processes may run one function at once,
// unless Options say otherwise.
const DefaultMaxEnvironments = 64

// Options are what Open may be told.
type Options struct {
	// Throttle slows streams down to Lambda's 2 MB a second after their first
	// 6 MB.
	// Default: false
	Throttle bool

	// MaxEnvironments is how many processes may run one function at once; at
	// the edge, maxEdgeEnvironments if that is less. A request beyond them waits
	// for a free one, for maxWait at most. A function's reserved concurrency
	// counts if it is more.
	// Default: DefaultMaxEnvironments
	MaxEnvironments int

	// PlainHTTP makes requests without TLS count as HTTP, so that viewer
	// protocol policies redirect and refuse them.
	// Default: false, they count as HTTPS
	PlainHTTP bool

	// Buckets gives buckets their content: directories by the bucket's logical
	// id or name. They win over what the app deploys into the bucket, and are
	// read anew at each request. A bucket that the assembly does not define is
	// given by its name; everybody may read it. A name that is no origin's is
	// an error.
	// Default: what the BucketDeployments of the assembly put into buckets.
	Buckets map[string]string

	// Values gives what no template holds, by "LogicalID.Attribute" for what
	// Fn::GetAtt gives, and by "service:key" for what {{resolve:service:key}} does.
	// Default: none
	Values map[string]string

	// KeyValueStores gives key value stores their pairs: files of the form that
	// stores are imported from, by the store's logical id or name. They win over
	// what the store is created with. A name that no function has is an error.
	// Default: what the template's ImportSource names.
	KeyValueStores map[string]string
}

// An Edge answers for the distributions and function URLs of one assembly.
type Edge struct {
	// Distributions are the distributions, by stack and logical id.
	Distributions []Distribution

	// FunctionURLs are the function URLs, by stack and logical id.
	FunctionURLs []FunctionURL

	functions *functions
	buckets   *buckets
	handler   http.Handler
}

// A Distribution says where a distribution is.
type Distribution struct {
	// Path is the construct path of the distribution, or its stack and logical
	// id if the assembly does not tell.
	Path string

	// Hosts are the names that it answers to, besides any name that nothing
	// else answers to if it is the only distribution.
	Hosts []string

	handler *cloudfront.Distribution
}

// A FunctionURL says where a function URL is.
type FunctionURL struct {
	// Path is the construct path of the function URL, or its stack and logical
	// id if the assembly does not tell.
	Path string

	// Host is the name that it answers to, below localhost.
	Host string

	// Region is the region that requests to it are signed for.
	Region string

	// AuthType is AWS_IAM or NONE.
	AuthType string

	// Domain is its domain name on AWS.
	Domain string

	// AccessKeyID names the key of an administrator of its account. The secret
	// is SecretAccessKey.
	AccessKeyID string

	// Function says what runs behind it: name in the log, runtime, memory and
	// timeout.
	Function string

	url *functionurl.URL
}

// Open reads the cloud assembly in dir and returns the edge that plays it. No
// process runs yet. An error names the file or the resource, what is wrong with
// it, and what to do. The caller closes the edge.
func Open(dir string, options Options, log *slog.Logger) (*Edge, error) {
	cloud, err := assembly.Open(dir)
	if err != nil {
		return nil, err
	}
	deployment, err := template.New(deployable(cloud.Stacks), template.Options{Values: options.Values})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	b := &builder{
		assembly:   cloud,
		deployment: deployment,
		functions:  newFunctions(cloud, options, log),
		buckets:    newBuckets(),
		stores:     map[string]bool{},
		keys:       newKeyring(),
		options:    options,
		log:        log,
	}
	edge, err := b.build()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), b.functions.close(), b.buckets.close())
	}
	return edge, nil
}

// Warm starts one environment of each function, so that the first request need
// not, and a handler that crashes at its start is reported before it. It
// returns when all have started, failed, or ctx has ended.
func (e *Edge) Warm(ctx context.Context) {
	e.functions.warm(ctx)
}

// ServeHTTP answers for whatever the request's Host names.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.handler.ServeHTTP(w, r)
}

// Close ends every process of the edge and removes what it unpacked. Requests
// that are being answered break off.
func (e *Edge) Close() error {
	return errors.Join(e.functions.close(), e.buckets.close())
}

// maxWait is how long a request waits for a free environment where the machine
// allows fewer than AWS would start.
const maxWait = 30 * time.Second

// deployable returns the stacks of an assembly as the resolver takes them.
func deployable(stacks []*assembly.Stack) []template.Stack {
	converted := make([]template.Stack, len(stacks))
	for i, stack := range stacks {
		converted[i] = deployableStack(stack)
	}
	return converted
}

func deployableStack(stack *assembly.Stack) template.Stack {
	converted := template.Stack{
		ID:               stack.ID,
		Name:             stack.Name,
		Account:          stack.Account,
		Region:           stack.Region,
		Parameters:       stack.Parameters,
		NotificationARNs: stack.NotificationARNs,
		Template:         stack.Template,
		Nested:           map[string]template.Stack{},
	}
	for logicalID, nested := range stack.Nested {
		converted.Nested[logicalID] = deployableStack(nested)
	}
	return converted
}
