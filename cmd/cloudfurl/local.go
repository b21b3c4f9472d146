package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// shutdownGrace is how long requests that are being answered may go on after
// the signal to end.
const shutdownGrace = 2 * time.Second

const localUsage = `Usage: cloudfurl local [FLAGS]

Serves the distributions and function URLs of a synthesized CDK app on this
machine, until it is interrupted.

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
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to serve on; port 0 takes a free one")
	throttle := flags.Bool("throttle", false, "slow streams down as Lambda does: 2 MB/s after the first 6 MB")
	plainHTTP := flags.Bool("plain-http", false, "let requests without TLS count as HTTP, so that viewer protocol policies show\n(default: they count as HTTPS)")
	maxEnvironments := flags.Int("max-environments", build.DefaultMaxEnvironments, "how many processes may run one handler at once")
	asJSON := flags.Bool("json", false, "write the log as JSON lines")
	buckets := newPairsFlag("BUCKET=DIR, the bucket by its logical id or name")
	flags.Var(buckets, "s3", "`BUCKET=DIR` serves a directory as the content of a bucket, by its logical id or name;\nmay be repeated (default: what the app deploys into the bucket)")
	stores := newPairsFlag("STORE=FILE, the key value store by its logical id or name")
	flags.Var(stores, "kvs", "`STORE=FILE` reads the pairs of a key value store, by its logical id or name, from a file of\nthe form {\"data\":[{\"key\":\"…\",\"value\":\"…\"}]}; may be repeated (default: the template's)")
	values := newPairsFlag("NAME=VALUE, the name LogicalID.Attribute or what stands in {{resolve:…}}")
	flags.Var(values, "value", "`NAME=VALUE` gives what no template holds: LogicalID.Attribute, or what stands in {{resolve:…}};\nmay be repeated")
	watching := watchFlags{context: newPairsFlag("KEY=VALUE")}
	flags.BoolVar(&watching.watch, "watch", false, "run the app of ./cdk.json, and again whenever a source changes")
	flags.StringVar(&watching.app, "app", "", "`command` that synthesizes the app, with --watch (default: \"app\" of ./cdk.json)")
	flags.Var(watching.context, "context", "`KEY=VALUE` of the app's context, with --watch; may be repeated")
	if err := parseFlags(flags, localUsage, args, stdout, stderr); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError(stderr, flags, fmt.Errorf("cloudfurl local takes no argument, and got %q: directories and addresses follow their flags", flags.Arg(0)))
	}
	if *maxEnvironments < 1 {
		return usageError(stderr, flags, fmt.Errorf("--max-environments is %d: give 1 or more", *maxEnvironments))
	}
	assemblyGiven := false
	flags.Visit(func(f *flag.Flag) { assemblyGiven = assemblyGiven || f.Name == "assembly" })
	if err := watching.check(assemblyGiven); err != nil {
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
			Values:          values.pairs,
		},
		log: slog.New(newLogHandler(stderr, *asJSON)),
	}
	if watching.watch {
		return command.runWatched(ctx, watching, stdout)
	}
	return command.run(ctx, *assembly, stdout)
}

// run serves an assembly as it is now.
func (l *localCommand) run(ctx context.Context, assembly string, stdout io.Writer) error {
	edge, err := local.Open(assembly, l.options, l.log)
	if err != nil {
		return err
	}
	listener, err := listenOn(l.listen)
	if err != nil {
		return errors.Join(err, edge.Close())
	}
	printServed(stdout, edge, assembly, listener.Addr())
	go edge.Warm(ctx)
	return errors.Join(serve(ctx, listener, edge, l.log), edge.Close())
}

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fault.New("give another port with --listen, or `make run PORT=…`", "%s is in use by another process", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fault.New("give a port above 1023 with --listen", "no permission to listen on %s", address)
	case err != nil:
		if refused := new(net.OpError); errors.As(err, &refused) {
			err = refused.Err
		}
		return nil, fault.New("give an address such as 127.0.0.1:8080 with --listen", "cannot listen on %q: %w", address, err)
	}
	return listener, nil
}

// serve answers requests until ctx ends, and then lets those that are being
// answered go on for a moment.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		// CloudFront's own limit, which is lower, is the distribution's to answer.
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}
