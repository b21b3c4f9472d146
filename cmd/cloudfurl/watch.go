package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/watch"
)

// replacedGrace is how long the requests that a replaced version answers may go
// on.
const replacedGrace = 30 * time.Second

// watchFlags are the flags that are about watching.
type watchFlags struct {
	watch   bool
	app     string
	context pairsFlag
}

// check returns an error for flags that say nothing without each other. The
// assembly was given if it is not the default.
func (f *watchFlags) check(assemblyGiven bool) error {
	switch {
	case !f.watch && f.app != "":
		return errors.New("--app is for --watch: add --watch, or synthesize the app with `cdk synth`")
	case !f.watch && len(f.context.pairs) > 0:
		return errors.New("--context is for --watch: add --watch, or synthesize the app with `cdk synth --context …`")
	case assemblyGiven && f.app != "":
		return errors.New("--app and --assembly were both given: --app runs the app, --assembly takes what was synthesized")
	case assemblyGiven && len(f.context.pairs) > 0:
		return errors.New("--context and --assembly were both given: what was synthesized has its context already")
	}
	return nil
}

// source returns what is watched: the assembly if it was given, the app if there
// is one, and the default assembly otherwise.
func (f *watchFlags) source(assembly string, assemblyGiven bool, log *slog.Logger) (watch.Source, error) {
	_, err := os.Stat("cdk.json")
	if assemblyGiven || (f.app == "" && len(f.context.pairs) == 0 && errors.Is(err, os.ErrNotExist)) {
		if _, err := os.Stat(assembly); !assemblyGiven && errors.Is(err, os.ErrNotExist) {
			return nil, fault.New("run it beside the cdk.json of an app, give the app's command with --app, or an assembly with --assembly",
				"there is neither a cdk.json nor a %s in this directory", assembly)
		}
		return watch.NewDirectory(assembly)
	}
	app, err := watch.NewApp(".", f.app, f.context.pairs, log)
	if errors.Is(err, watch.ErrNoCommand) {
		return nil, fault.New("give the command with --app, or a synthesized assembly with --assembly", "%w", err)
	}
	return app, err
}

// runWatched serves what the source defines, as it is at each time, until ctx
// ends.
func (l *localCommand) runWatched(ctx context.Context, source watch.Source, stdout io.Writer) error {
	listener, err := listenOn(l.listen)
	if err != nil {
		return err
	}
	versions := watch.NewVersions(replacedGrace, l.log)
	served := ""
	_, isApp := source.(*watch.App)
	reloader := &watch.Reloader{
		Source:   source,
		Versions: versions,
		Patient:  isApp,
		Log:      l.log,
		Open: func(assembly string) (watch.Version, error) {
			edge, err := local.Open(assembly, l.options, l.log)
			if err != nil {
				return nil, hinted(err)
			}
			return edge, nil
		},
		Served: func(version watch.Version) {
			var text strings.Builder
			printServed(&text, version.(*local.Edge), source.Name(), listener.Addr())
			if text.String() != served {
				served = text.String()
				fmt.Fprint(stdout, served)
			}
		},
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	reloaded := make(chan error, 1)
	go func() {
		defer stop()
		reloaded <- reloader.Run(ctx)
	}()
	err = serve(ctx, listener, versions, l.log)
	stop()
	failed := <-reloaded
	versions.Close()
	return errors.Join(err, failed, reloader.Cleanup())
}
