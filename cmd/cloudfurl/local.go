package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

const localUsage = `Usage: cloudfurl local [FLAGS]

Serves the distributions and function URLs of a synthesized CDK app, or of
templates, on this machine until it is interrupted. A second Ctrl-C ends it at once.

`

// defaultListen is where "cloudfurl local" serves. The port is CFURL on the keys of
// a phone: web apps and their Dockerfiles have 8080 and the like for themselves, and
// systems give no outgoing connection a number below 32768.
const defaultListen = "127.0.0.1:23875"

// A localCommand is "cloudfurl local" with its flags.
type localCommand struct {
	appFlags
	watchFlags

	traceFlags

	listen string
	aws    awsFlag
	log    *slog.Logger
}

// bind defines the flags.
func (l *localCommand) bind(flags *flag.FlagSet) {
	l.appFlags.bind(flags)
	l.watchFlags.bind(flags)
	l.traceFlags.bind(flags)
	flags.StringVar(&l.listen, "listen", defaultListen, "`address` to serve on; port 0 picks a free one. Function URLs get the next free\nports, and so do distributions if there are several")
	flags.BoolVar(&l.options.Throttle, "throttle", false, "limit streams as Lambda does: 2 MB/s after the first 6 MB")
	flags.BoolVar(&l.options.PlainHTTP, "plain-http", false, "treat requests as HTTP, so that viewer protocol policies take effect\n(default: as HTTPS)")
	flags.BoolVar(&l.options.TLS, "tls", false, "serve HTTPS and HTTP/2, with certificates of an authority of this machine, mkcert's if there\nis one (default: HTTP, and handlers are told so)")
	flags.BoolVar(&l.aws.given, "aws", false, "give functions this machine's AWS credentials, and stacks without a region its region\n(default: keys that AWS rejects)")
	flags.IntVar(&l.options.MaxEnvironments, "max-environments", build.DefaultMaxEnvironments, "how many processes may run one function at once")
	newListFlag(flags, &l.options.Hosts, "host", "NAME", "accept requests for another host name, or with *.NAME for all below it; may be repeated\n(default: addresses, localhost, and the names of the distributions)")
}

// check returns an error for values that the flags can't have, or for arguments.
func (l *localCommand) check(args []string) error {
	switch {
	case len(args) > 0:
		return fault.New("directories and addresses follow their flags; \"cloudfurl local -h\" lists them", "unexpected argument %q", args[0])
	case l.options.MaxEnvironments < 1:
		return fault.At("--max-environments", fault.New("give 1 or more", "%d is too few", l.options.MaxEnvironments))
	}
	if err := cmp.Or(l.appFlags.check(), l.traceFlags.check(&l.appFlags)); err != nil {
		return err
	}
	return l.watchFlags.check(l.source)
}

// runLocal serves the stacks of a cloud assembly until ctx ends.
func runLocal(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("cloudfurl local", flag.ContinueOnError)
	l := new(localCommand)
	l.bind(flags)
	if err := parseFlags(flags, localUsage, args, stdout, stderr); err != nil {
		return err
	}
	if err := l.check(flags.Args()); err != nil {
		return usageError(stderr, flags, err)
	}
	l.log = slog.New(newLogHandler(stderr, l.json))
	takeStandardLog(l.log)
	if l.watch {
		return l.runWatched(ctx, stdout)
	}
	if l.source.Assembly == "" && len(l.source.Templates) == 0 {
		l.source.Assembly = defaultAssembly
	}
	return l.run(ctx, stdout)
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

// open opens the edge of a source. If ctx ends before that is done, it returns
// at once, and the edge is closed when it is open.
func (l *localCommand) open(ctx context.Context, source local.Source) (*local.Edge, error) {
	if err := l.aws.read(ctx, &l.options, l.log); err != nil {
		return nil, err
	}
	type result struct {
		edge *local.Edge
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		edge, err := source.Open(l.options, l.log)
		opened <- result{edge, err}
	}()
	select {
	case r := <-opened:
		return r.edge, r.err
	case <-ctx.Done():
		go func() {
			if r := <-opened; r.edge != nil {
				r.edge.Close()
			}
		}()
		return nil, errInterrupted
	}
}

// errInterrupted ends a command that was interrupted before it served anything.
var errInterrupted = errors.New("interrupted before anything was served")
