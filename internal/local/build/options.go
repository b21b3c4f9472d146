package build

import (
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// DefaultMaxEnvironments is the default of Options.MaxEnvironments.
const DefaultMaxEnvironments = 64

// Options say how an assembly is served.
type Options struct {
	// Throttle limits streams to Lambda's 2 MB a second after their first 6 MB.
	// Default: false
	Throttle bool

	// MaxEnvironments is how many processes may run one function at once; at
	// the edge, maxEdgeEnvironments if that is less. Requests beyond them wait in
	// line, which may stop for maxWait at most. A function's reserved concurrency
	// counts if it is more.
	// Default: DefaultMaxEnvironments
	MaxEnvironments int

	// PlainHTTP makes requests without TLS count as HTTP, so that viewer
	// protocol policies redirect or reject them.
	// Default: false, they count as HTTPS
	PlainHTTP bool

	// TLS says that viewers reach the edge by HTTPS. Handlers are told so, as on
	// AWS, and requests without TLS count as HTTP.
	// Default: false, handlers are told that it is HTTP, so that what they compare
	// with the browser's Origin is the same
	TLS bool

	// Buckets maps buckets, by logical id or name, to directories with their
	// content. They win over what the app deploys into the bucket, and are read
	// anew at each request. A bucket that the assembly doesn't define is given
	// by its name and is readable by everybody. A name that isn't an origin's is
	// an error.
	// Default: what the BucketDeployments of the assembly put into buckets
	Buckets map[string]string

	// Values gives what no template holds, by "LogicalID.Attribute" for
	// Fn::GetAtt, and by "service:key" for {{resolve:service:key}}.
	// Default: none
	Values map[string]string

	// Parameters gives values to parameters of the templates, by NAME or STACK.NAME. A
	// value STACK.OUTPUT is that output of another stack. A name that no template has
	// is an error.
	// Default: those of the assembly, and the templates' defaults
	Parameters map[string]string

	// KeyValueStores maps key value stores, by logical id or name, to files of
	// the form that stores are imported from. They win over what the store is
	// created with. A name that no function uses is an error.
	// Default: what the template's ImportSource names
	KeyValueStores map[string]string

	// Origins maps origins of distributions to http or https URLs that serve in
	// their place, such as a container that runs an unsupported function. The key
	// is the origin's id or domain name, or the construct path or logical id of
	// the function or bucket behind it. A name that nothing has is an error.
	// Default: none
	Origins map[string]string

	// Layers maps the ARNs of layer versions to directories or zip archives with
	// their content. They win over what the assembly defines. A layer that no
	// function has is an error.
	// Default: the layers of the assembly, and a stand-in for AWS's web adapter
	Layers map[string]string

	// Commands maps functions, by logical id or construct path, to shell commands
	// that run them in place of their runtime or container image. A name that no
	// function has is an error.
	// Default: none
	Commands map[string]string

	// Variables sets environment variables of functions, over those of the template.
	// The key is a function's logical id or construct path, a dot, and the name. A
	// function that isn't there is an error.
	// Default: none
	Variables map[string]string

	// AWS lets functions call AWS as a person. Calls between functions of the
	// assembly are that person's then, who is an administrator here.
	// Default: nil, functions have keys of their roles, which only the edge knows
	AWS *AWS

	// Functions maps the ARNs of functions and versions that the assembly doesn't
	// define to functions that run in their place, by logical id or construct path.
	// Default: none
	Functions map[string]string

	// Hosts are further host names that reach the only distribution. One that
	// begins with * stands for all that end with the rest.
	// Default: the names of the parts, addresses, localhost and names below it
	Hosts []string

	// Traces records the requests.
	// Default: nil, none is recorded, and the lines of the log have no ids
	Traces *trace.Log

	// LogTraces adds the trace to the line of each request.
	// Default: false
	LogTraces bool
}

// AWS are a person's keys, and the region of stacks that have none.
type AWS struct {
	Credentials sigv4.Credentials
	Region      string // Default: template.DefaultRegion
}
