package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
	"github.com/cloudfurl/cloudfurl/internal/local/watch"
)

// replacedGrace is how long requests may go on after their version was replaced.
const replacedGrace = 30 * time.Second

// watchFlags are the flags of the app to watch.
type watchFlags struct {
	Watch   bool   `group:"source" help:"Run the app of ./cdk.json, or read the templates, and again whenever a source changes."`
	App     string `group:"source" placeholder:"COMMAND" help:"What synthesizes the app, with --watch (default: \"app\" of ./cdk.json)."`
	Context pairs  `group:"source" placeholder:"KEY=VALUE" help:"A context value of the app, with --watch; may be repeated."`
}

// check returns an error for flags that don't go together.
func (f *watchFlags) check(source local.Source) error {
	switch {
	case len(source.Templates) > 0 && (f.App != "" || len(f.Context) > 0):
		return fault.New("leave out --app and --context, or --template", "--template needs no app")
	case f.Watch && source.Assembly != "":
		return fault.New("leave out --assembly to run the app of ./cdk.json and serve what it synthesizes, or leave out --watch",
			"--watch and --assembly can't be combined")
	case !f.Watch && f.App != "":
		return fault.New("add --watch, or synthesize the app with `cdk synth`", "--app needs --watch")
	case !f.Watch && len(f.Context) > 0:
		return fault.New("add --watch, or synthesize the app with `cdk synth --context …`", "--context needs --watch")
	}
	return nil
}

// watched returns what is watched, and its name: the templates, or the app of the
// current directory.
func (l *localCommand) watched() (watch.Source, string, error) {
	if len(l.source.Templates) > 0 {
		return watch.NewFiles(templatefile.Sources(l.source.Templates)), l.source.String(), nil
	}
	if _, err := os.Stat("cdk.json"); errors.Is(err, os.ErrNotExist) && l.App == "" {
		return nil, "", fault.New("run it beside the app's cdk.json, or set the app's command with --app, or templates with --template", "there is no cdk.json in this directory")
	}
	app, err := watch.NewApp(".", l.App, l.Context, l.log)
	return app, "the app", err
}

// runWatched serves what is watched, version after version, until ctx ends.
func (l *localCommand) runWatched(ctx context.Context, stdout io.Writer) error {
	app, name, err := l.watched()
	if err != nil {
		return err
	}
	versions := watch.NewVersions(replacedGrace, l.log)
	s, err := l.newServer(versions)
	if err != nil {
		return err
	}
	annotations := annotationLog{log: l.log}
	reloader := &watch.Reloader{
		App:      app,
		Versions: versions,
		Log:      l.log,
		Open: func(ctx context.Context, assembly string) (watch.Version, error) {
			source := l.source
			if len(source.Templates) > 0 {
				source.Temp = assembly
			} else {
				source.Assembly = assembly
			}
			edge, err := l.open(ctx, source)
			if err != nil {
				return nil, err
			}
			annotations.write(edge.Annotations)
			return edge, nil
		},
		Served: func(version watch.Version) error {
			return s.present(stdout, version.(*local.Edge), name)
		},
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	reloaded := make(chan error, 1)
	go func() {
		defer stop()
		reloaded <- reloader.Run(ctx)
	}()
	err = s.serve(ctx)
	stop()
	failed := <-reloaded
	versions.Close()
	return errors.Join(err, failed, s.close(), reloader.Cleanup())
}
