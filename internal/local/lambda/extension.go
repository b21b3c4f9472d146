package lambda

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// findExtensions finds the extensions of the layers, such as AWS's adapter, and logs where
// the layers are.
func (f *Function) findExtensions() {
	if f.opt.dir == "" {
		return
	}
	f.log.Info("its layers are in " + f.opt.dir + ", where its variables lead; code that names " + optDir + " itself finds nothing there")
	found, _ := filepath.Glob(filepath.Join(f.opt.dir, "extensions", "*"))
	f.extensions = slices.DeleteFunc(found, func(path string) bool { return !isFile(path) })
	if len(f.extensions) > 0 {
		fault.Log(f.log, slog.LevelWarn, "the extensions of its layers run, and get no event",
			"INVOKE and SHUTDOWN aren't sent locally: "+strings.Join(f.extensions, ", "), "test on AWS what needs them")
	}
}

// startExtensions starts the extensions, whose end is that of the environment; the caller
// holds e.mu.
func (e *environment) startExtensions() error {
	for _, program := range e.function.extensions {
		name := filepath.Base(program)
		x, err := startProcess(command{program: program, dir: "/", variables: lines(e.values)}, new(tail).logTo(e.log.With("extension", name), e.requestContext, e.ready))
		if err != nil {
			return &FunctionError{Type: errorExtensionLaunch, Message: "extension " + name + ": " + err.Error()}
		}
		e.extensions = append(e.extensions, x)
		e.watching.Go(func() {
			reason := x.wait().String()
			e.kill(&FunctionError{Type: errorExtensionCrash, Message: "extension " + name + ": " + reason}, nil)
		})
	}
	return nil
}

// handleExtensions lets extensions register, and wait for an event that never comes. They
// are told to end by a signal.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
func (e *environment) handleExtensions(api *http.ServeMux) {
	api.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		e.mu.Lock()
		e.extended = true
		e.mu.Unlock()
		config := &e.function.config
		w.Header().Set("Lambda-Extension-Identifier", NewRequestID())
		respond(w, http.StatusOK, map[string]string{"functionName": config.Name, "functionVersion": latestVersion, "handler": config.Handler})
	})
	api.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
}
