package cffunction

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// The runtimes of CloudFront Functions, in AWS's words.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_FunctionConfig.html
const (
	Runtime1 = cloudfrontjs.Runtime1
	Runtime2 = cloudfrontjs.Runtime2
)

// Config describes a function as the template does.
type Config struct {
	// Name is the function's name; it is the source of its log lines.
	// Default: "function".
	Name string

	// Runtime is cloudfront-js-1.0 or cloudfront-js-2.0.
	// Default: cloudfront-js-2.0.
	Runtime string

	// Code is the function's JavaScript, at most 10 KB.
	Code string

	// KeyValueStore holds the pairs of the associated key value store. It must
	// not change afterwards. Default: nil, no store is associated.
	KeyValueStore map[string]string

	// DistributionID is the id of the distribution that runs the function.
	DistributionID string

	// DistributionDomainName is that distribution's domain name at CloudFront.
	DistributionDomainName string
}

// A Function is a CloudFront Function that is ready to run. It is safe for
// concurrent use.
type Function struct {
	config  Config
	logger  *slog.Logger
	source  *source
	program *goja.Program
	created time.Time

	// slots holds one place for each run that may be under way. A run is pure
	// computing, so more of them than processors would only slow each other
	// down, past MaxDuration.
	slots chan struct{}
	idle  chan *machine

	grouped sync.Once // the call of an origin group is logged

	instead func() (*Response, error) // of a function that has no code
}

// New compiles and checks a function. It fails with a *CompileError for code
// that the runtime can't run, and with an *Error if the code throws
// before its handler is called. Log lines of the function go to
// logger, at Info, with the attribute source.
func New(config Config, logger *slog.Logger) (*Function, error) {
	config.Name = cmp.Or(config.Name, "function")
	config.Runtime = cmp.Or(config.Runtime, Runtime2)
	src, problems := parse(config)
	if len(problems) > 0 {
		return nil, &CompileError{Function: config.Name, Runtime: config.Runtime, Problems: problems}
	}
	f := &Function{
		config: config, logger: logger, source: src, created: time.Now(),
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)), idle: make(chan *machine, runtime.GOMAXPROCS(0)),
	}
	program, err := goja.Compile(sourceName, src.wrapped, true)
	if err != nil {
		return nil, &CompileError{Function: config.Name, Runtime: config.Runtime, Problems: []Problem{src.problem(err)}}
	}
	f.program = program
	m, err := f.newMachine()
	if err != nil {
		return nil, err
	}
	if err := f.run(context.Background(), m, &call{ctx: context.Background()}, func() error { return nil }); err != nil {
		return nil, err
	}
	for _, warning := range src.warnings {
		logger.Warn("CloudFront function uses syntax that AWS doesn't list", "source", config.Name,
			"cause", warning.String(), "hint", "test it on AWS, or use "+warning.Hint)
	}
	return f, nil
}

// Mentions reports whether the function's code contains a text, such as the name
// of a header.
func (f *Function) Mentions(text string) bool { return strings.Contains(f.config.Code, text) }

// Reads reports whether the function's code contains the name of a header, other than
// to delete it.
func (f *Function) Reads(header string) bool {
	deleted := regexp.MustCompile(`delete\s+[\w.]+\[['"]` + regexp.QuoteMeta(header))
	return strings.Contains(deleted.ReplaceAllString(f.config.Code, ""), header)
}

// ViewerRequest runs the function for a viewer's request. The result holds
// either the request as the function left it, or the response that it made. r
// itself is not changed. The error is an *Error,
// or ctx's error if the viewer left first.
func (f *Function) ViewerRequest(ctx context.Context, r *Request) (Result, error) {
	if f.instead != nil {
		r, err := f.instead()
		return Result{Response: r}, err
	}
	var result Result
	err := f.invoke(ctx, &event{kind: "viewer-request", request: r}, func(d *decoder, object *goja.Object) {
		if value := object.Get("statusCode"); value != nil {
			result.Response = d.response(object, nil)
			return
		}
		result.Request = d.request(object)
	})
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

// ViewerResponse runs the function for the response to r, and returns the
// response as the function left it; resp itself isn't changed. The caller must
// not call it when the origin responded with 400 or above. Errors are those of
// ViewerRequest.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-status-codes
func (f *Function) ViewerResponse(ctx context.Context, r *Request, resp *Response) (*Response, error) {
	if f.instead != nil {
		return f.instead()
	}
	var result *Response
	err := f.invoke(ctx, &event{kind: "viewer-response", request: r, response: resp}, func(d *decoder, object *goja.Object) {
		result = d.response(object, resp)
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (f *Function) invoke(ctx context.Context, e *event, read func(*decoder, *goja.Object)) error {
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	m, err := f.machine()
	if err != nil {
		return err
	}
	c := &call{ctx: ctx, event: e}
	return f.run(ctx, m, c, func() error {
		result, err := m.handle(m.encode(e))
		if err != nil {
			return err
		}
		d := &decoder{f: f, event: e}
		// Reading the result may run the function's own getters, so it happens
		// inside the runtime, under the same limit.
		_, err = m.calling(func() { d.read(result, read) })
		return cmp.Or(err, d.err)
	})
}

// run starts the code in m, and then calls work, under the limits of a run.
func (f *Function) run(ctx context.Context, m *machine, c *call, work func() error) error {
	if err := ctx.Err(); err != nil {
		f.release(m)
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, MaxDuration, errTooLong)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { m.js.Interrupt(context.Cause(ctx)) })
	m.begin(c)
	stopMemory := m.watchMemory()
	err := m.start()
	if err == nil {
		err = work()
	}
	tooLarge := stopMemory()
	err = m.explain(ctx, err)
	// An interrupt that is under way must not hit the next request.
	if stop() && !tooLarge && m.clean() {
		f.release(m)
	}
	return err
}

func (f *Function) machine() (*machine, error) {
	select {
	case m := <-f.idle:
		return m, nil
	default:
		return f.newMachine()
	}
}

func (f *Function) release(m *machine) {
	m.begin(nil)
	select {
	case f.idle <- m:
	default:
	}
}

var errTooLong = errors.New("the function ran too long")
