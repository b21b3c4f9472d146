package main

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// defaultListen is where "cloudfurl local" serves. The port is CFURL on the keys of
// a phone: web apps and their Dockerfiles have 8080 and the like for themselves, and
// systems give no outgoing connection a number below 32768.
const defaultListen = "127.0.0.1:23875"

type localCommand struct {
	watchFlags
	appFlags
	traceFlags

	Listen          string   `group:"address" default:"${listen}" placeholder:"ADDRESS" help:"Address to serve on (default: ${default}); port 0 picks a free one. Function URLs, and distributions if there are several, get the next free ports."`
	Host            []string `group:"address" sep:"none" placeholder:"NAME" help:"Accept requests for another host name, or with *.NAME for all below it; may be repeated (default: addresses, localhost, and the names of the distributions)."`
	TLS             bool     `group:"address" name:"tls" help:"Serve HTTPS and HTTP/2, with certificates of an authority of this machine (default: HTTP, and handlers are told so)."`
	PlainHTTP       bool     `group:"address" name:"plain-http" help:"Treat requests as HTTP, so that viewer protocol policies take effect (default: as HTTPS)."`
	AWS             bool     `group:"value" name:"aws" help:"Pass this machine's AWS credentials to functions, and its region to stacks without one (default: keys that AWS rejects)."`
	Throttle        bool     `help:"Limit streams as Lambda does: 2 MB/s after the first 6 MB."`
	MaxEnvironments int      `default:"${environments}" placeholder:"N" help:"How many processes may run one function at once (default: ${default})."`
	JSON            bool     `help:"Write the log as JSON lines."`

	source  local.Source
	options build.Options
	aws     awsFlag
	log     *slog.Logger
}

// Help has the examples.
func (*localCommand) Help() string {
	return `Serves until it is interrupted; a second Ctrl-C ends it at once.

Examples:

    cloudfurl local --watch                    the CDK app, also when it changes
    cloudfurl local --assembly cdk.out         what cdk synth wrote
    cloudfurl local --template template.yaml   a SAM or CloudFormation template
    cloudfurl local --run Api=./serve.sh       with a command as function Api

FUNCTION, BUCKET and STORE are logical IDs or construct paths.`
}

// read reads what the flags name, and returns an error for values that they can't have.
func (l *localCommand) read() (err error) {
	if l.MaxEnvironments < 1 {
		return fault.At("--max-environments", fault.New("use 1 or more", "%d is too few", l.MaxEnvironments))
	}
	if l.source, l.options, err = l.appFlags.read(); err != nil {
		return err
	}
	l.options.Hosts, l.options.TLS, l.options.PlainHTTP = l.Host, l.TLS, l.PlainHTTP
	l.options.Throttle, l.options.MaxEnvironments, l.aws.given = l.Throttle, l.MaxEnvironments, l.AWS
	if err := l.traceFlags.apply(&l.options, l.JSON); err != nil {
		return err
	}
	return l.check(l.source)
}

// Run serves the stacks of a cloud assembly until ctx ends.
func (l *localCommand) Run(ctx context.Context, to streams) error {
	if err := l.read(); err != nil {
		return usage(err)
	}
	l.log = slog.New(newLogHandler(to.stderr, l.JSON))
	takeStandardLog(l.log)
	if l.Watch {
		return l.runWatched(ctx, to.stdout)
	}
	if l.source.Assembly == "" && len(l.source.Templates) == 0 {
		l.source.Assembly = defaultAssembly
	}
	return l.run(ctx, to.stdout)
}

// run serves the stacks as they are now.
func (l *localCommand) run(ctx context.Context, stdout io.Writer) error {
	edge, err := l.open(ctx, l.source)
	if err != nil {
		return err
	}
	s, err := l.newServer(edge)
	if err != nil {
		return errors.Join(err, edge.Close())
	}
	served := s.present(stdout, edge, l.source.String())
	if served == nil {
		go edge.Warm(ctx)
		served = s.serve(ctx)
	}
	return errors.Join(served, s.close(), edge.Close())
}

// open opens the edge of a source, unless ctx ends meanwhile. What takes long is done by
// programs that Ctrl-C ends, too.
func (l *localCommand) open(ctx context.Context, source local.Source) (*local.Edge, error) {
	if err := l.aws.read(ctx, &l.options, l.log); err != nil {
		return nil, err
	}
	edge, err := source.Open(l.options, l.log)
	if ctx.Err() == nil {
		return edge, err
	}
	if err == nil {
		edge.Close()
	}
	return nil, errInterrupted
}

// errInterrupted ends a command that was interrupted before it served anything.
var errInterrupted = errors.New("interrupted before anything was served")
