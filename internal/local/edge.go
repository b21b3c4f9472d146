package local

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// A Source is where the stacks of an edge come from.
type Source struct {
	// Assembly is the directory of a cloud assembly. It may be empty.
	Assembly string

	// Templates are further stacks.
	Templates []templatefile.File

	// Temp is the directory for code that is made of what templates name. The caller
	// removes it.
	// Default: that of the system
	Temp string

	asIs bool // leaves the code of templates as it is
}

// String names the source.
func (s Source) String() string {
	names := []string{s.Assembly}
	for _, file := range s.Templates {
		names = append(names, file.Path)
	}
	return strings.TrimPrefix(strings.Join(names, ", "), ", ")
}

// An Edge serves the parts of its stacks.
type Edge struct {
	*build.App

	// Annotations are what constructs tell the author of the app.
	Annotations []assembly.Annotation

	handler http.Handler
}

// Open reads the source and returns the edge that serves it. No function runs yet. An
// error is a *fault.Error. The caller closes the edge.
func (s Source) Open(options build.Options, log *slog.Logger) (*Edge, error) {
	cloud, err := s.read(options, log)
	if err != nil {
		return nil, err
	}
	app, err := build.Build(cloud, options, log)
	if err != nil {
		return nil, fault.At(s.String(), err)
	}
	app.Start()
	return &Edge{
		App:         app,
		Annotations: cloud.Annotations,
		handler: logRequests(explainWebSockets(keepLocalhostPlain(newHosts(app.Parts, options.Hosts)), log),
			options.Traces, options.LogTraces, log),
	}, nil
}

// Check returns what AWS rejects of the source. Nothing runs, and no code is built: a
// template's stays as it is.
func (s Source) Check(options build.Options) ([]build.Finding, error) {
	s.asIs = true
	cloud, err := s.read(options, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	findings, err := build.Check(cloud, options)
	return findings, fault.At(s.String(), err)
}

func (s Source) read(options build.Options, log *slog.Logger) (*assembly.Assembly, error) {
	cloud := new(assembly.Assembly)
	var err error
	if s.Assembly != "" {
		if cloud, err = assembly.Open(s.Assembly); err != nil {
			return nil, err
		}
	}
	stacks, err := templatefile.Read(s.Templates, templatefile.Options{Parameters: options.Parameters, Temp: s.Temp, Log: log, AsIs: s.asIs})
	cloud.Stacks = append(cloud.Stacks, stacks...)
	return cloud, err
}

// ServeHTTP serves a request with the part that its Host names.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.handler.ServeHTTP(w, r)
}
