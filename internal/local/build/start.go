package build

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// A function is a Lambda function of the assembly. It can be invoked once it was
// started.
type function struct {
	r          *template.Resource
	properties functionProperties
	atEdge     bool

	// config is what is known of it. If find isn't nil, that returns all, which
	// depends on this machine.
	config lambda.Config
	find   func() (lambda.Config, error)

	// Since the start, one of these isn't nil: stub if this machine can't run it.
	running *lambda.Function
	stub    *stub
}

func (f *function) start(s3 *bucketEndpoint, log *slog.Logger) (err error) {
	if f.find != nil {
		if f.config, err = f.find(); err != nil {
			return err
		}
	}
	s3.name(f.config.Environment)
	f.running, err = lambda.New(f.config, log)
	return fault.At(f.r.Path, err)
}

func (f *function) invoke(ctx context.Context, event lambda.Event, options lambda.InvokeOptions) (*lambda.Response, error) {
	return f.running.Invoke(ctx, event, options)
}

// start makes the functions ready. One that this machine can't run becomes a stub.
func (f *functions) start() {
	f.s3.start(f.log)
	for _, made := range f.made {
		if err := made.start(&f.s3, f.log); err != nil {
			key := made.r.LogicalID
			if made.atEdge {
				key = "" // nothing can take its place
			}
			stub := f.stubOf(err, key)
			made.stub = &stub
		}
	}
}

// describe describes a function in one line.
func describe(config lambda.Config) string {
	runtime := config.Runtime
	if len(config.Command) > 0 {
		runtime = "a command on this machine"
	}
	return fmt.Sprintf("runs %s: %s, %d MB, timeout %v", config.Label, runtime, config.MemorySize, config.Timeout)
}
