package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

const localUsage = `Usage: cloudfurl local [FLAGS]

Serves the distributions and function URLs of a synthesized CDK app on this
machine until it is interrupted. A second Ctrl-C ends it at once.

`

// A localCommand is "cloudfurl local" with its flags read.
type localCommand struct {
	listen  string
	options build.Options
	log     *slog.Logger
}

// runLocal serves the stacks of a cloud assembly until ctx ends.
func runLocal(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("cloudfurl local", flag.ContinueOnError)
	assembly := flags.String("assembly", "cdk.out", "`directory` that the CDK app was synthesized to")
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to serve on; port 0 picks a free one. Function URLs get the next free\nports, and so do distributions if there are several")
	throttle := flags.Bool("throttle", false, "limit streams as Lambda does: 2 MB/s after the first 6 MB")
	plainHTTP := flags.Bool("plain-http", false, "treat requests as HTTP, so that viewer protocol policies take effect\n(default: as HTTPS)")
	maxEnvironments := flags.Int("max-environments", build.DefaultMaxEnvironments, "how many processes may run one function at once")
	asJSON := flags.Bool("json", false, "write the log as JSON lines")
	buckets := newPairsFlag(flags, "s3", "BUCKET=DIR", "serve a directory as the content of a bucket, by logical ID or name; may be repeated\n(default: the files that the app deploys into it)")
	stores := newPairsFlag(flags, "kvs", "STORE=FILE", "read the pairs of a key value store, by logical ID or name, from a file like\n{\"data\":[{\"key\":\"…\",\"value\":\"…\"}]}; may be repeated (default: the pairs in the template)")
	origins := newPairsFlag(flags, "origin", "ID=URL", "serve a URL in place of an origin, by its ID or domain name, or of the function or\nbucket behind it, by logical ID or construct path; may be repeated")
	layers := newPairsFlag(flags, "layer", "ARN=PATH", "run functions with the content of a layer, a directory or zip archive, that the app\ndoesn't define; may be repeated (default for AWS's Lambda Web Adapter: a stand-in)")
	commands := newPairsFlag(flags, "run", "FUNCTION=COMMAND", "run a function by a shell command with this machine's programs, in place of its runtime\nor container image, by logical ID or construct path; may be repeated")
	hosts := newListFlag(flags, "host", "NAME", "accept requests for another host name, or with *.NAME for all below it; may be repeated\n(default: addresses, localhost, and the names of the distributions)")
	values := newValueFlags(flags)
	watching := watchFlags{context: newPairsFlag(flags, "context", "KEY=VALUE", "set a context value of the app, with --watch; may be repeated")}
	flags.BoolVar(&watching.watch, "watch", false, "run the app of ./cdk.json, and again whenever a source changes")
	flags.StringVar(&watching.app, "app", "", "`command` that synthesizes the app, with --watch (default: \"app\" of ./cdk.json)")
	if err := parseFlags(flags, localUsage, args, stdout, stderr); err != nil {
		return err
	}
	assemblyGiven := false
	flags.Visit(func(f *flag.Flag) { assemblyGiven = assemblyGiven || f.Name == "assembly" })
	given, err := values.read()
	switch {
	case flags.NArg() > 0:
		err = fault.New("directories and addresses follow their flags; \"cloudfurl local -h\" lists them", "unexpected argument %q", flags.Arg(0))
	case *maxEnvironments < 1:
		err = fault.At("--max-environments", fault.New("give 1 or more", "%d is too few", *maxEnvironments))
	case err == nil:
		err = watching.check(assemblyGiven)
	}
	if err != nil {
		return usageError(stderr, flags, err)
	}

	command := &localCommand{
		listen: *listen,
		options: build.Options{
			Throttle:        *throttle,
			MaxEnvironments: *maxEnvironments,
			PlainHTTP:       *plainHTTP,
			Buckets:         buckets.pairs,
			KeyValueStores:  stores.pairs,
			Values:          given,
			Origins:         origins.pairs,
			Layers:          layers.pairs,
			Commands:        commands.pairs,
			Hosts:           hosts.values,
		},
		log: slog.New(newLogHandler(stderr, *asJSON)),
	}
	takeStandardLog(command.log)
	if watching.watch {
		return command.runWatched(ctx, watching, stdout)
	}
	return command.run(ctx, *assembly, stdout)
}

// run serves an assembly as it is now.
func (l *localCommand) run(ctx context.Context, assembly string, stdout io.Writer) error {
	edge, err := l.open(ctx, assembly)
	if err != nil {
		return err
	}
	s, err := l.newServer(edge)
	if err != nil {
		return errors.Join(err, edge.Close())
	}
	served := s.present(stdout, edge, assembly)
	if served == nil {
		go edge.Warm(ctx)
		served = s.serve(ctx)
	}
	return errors.Join(served, s.server.Close(), edge.Close())
}

// open opens the edge of an assembly. If ctx ends before that is done, it returns
// at once, and the edge is closed when it is open.
func (l *localCommand) open(ctx context.Context, assembly string) (*local.Edge, error) {
	type result struct {
		edge *local.Edge
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		edge, err := local.Open(assembly, l.options, l.log)
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

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fault.New("give another port with --listen, or `make run PORT=…`", "%s is in use by another process", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fault.New("give a port above 1023 with --listen", "no permission to listen on %s", address)
	case err != nil:
		if inner := new(net.OpError); errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fault.New("give an address such as 127.0.0.1:8080 with --listen", "can't listen on %q: %w", address, err)
	}
	return listener, nil
}
