package local

import (
	"log/slog"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// An Edge serves the parts of one assembly.
type Edge struct {
	*build.App

	// Annotations are what constructs tell the author of the app.
	Annotations []assembly.Annotation

	handler http.Handler
}

// Open reads the cloud assembly in dir and returns the edge that serves it. No
// function runs yet. An error is a *fault.Error. The caller closes the edge.
func Open(dir string, options build.Options, log *slog.Logger) (*Edge, error) {
	cloud, err := assembly.Open(dir)
	if err != nil {
		return nil, err
	}
	app, err := build.Build(cloud, options, log)
	if err != nil {
		return nil, fault.At(dir, err)
	}
	app.Start()
	return &Edge{
		App:         app,
		Annotations: cloud.Annotations,
		handler:     logRequests(keepLocalhostPlain(newHosts(app.Parts, options.Hosts)), log),
	}, nil
}

// ServeHTTP serves a request with the part that its Host names.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.handler.ServeHTTP(w, r)
}
