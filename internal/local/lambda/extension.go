package lambda

import (
	"os"
	"path"
	"path/filepath"
	"slices"
)

// extensionsDir holds the external extensions. Lambda starts each file in it.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
const extensionsDir = optDir + "/extensions"

// An extension takes part in the life of an environment: an external one is a
// process of its own, an internal one a thread of the runtime. The fields below
// external are guarded by the environment's mutex.
type extension struct {
	name     string
	external bool

	asking chan struct{} // holds a token while it waits for an event
	events chan []byte   // holds an event until next fetches it

	id               string // empty until it has registered
	invoke, shutdown bool   // the events that it wants
	waiting          bool   // it asked for its next event
	reported         *FunctionError
	process          *process // nil if it is internal
	tail             tail
}

func newExtension(name string, external bool) *extension {
	return &extension{
		name: name, external: external,
		asking: make(chan struct{}, 1),
		events: make(chan []byte, 2), // an invocation's and the shutdown
	}
}

// send hands the extension an event. It has room for it, unless the extension
// has never asked for any.
func (x *extension) send(event []byte) {
	select {
	case x.events <- event:
	default:
	}
}

// extensions returns the paths of the external extensions as the function's
// processes see them.
func (o opt) extensions() []string {
	if o.dir == "" {
		return nil
	}
	entries, err := os.ReadDir(o.at(extensionsDir))
	if err != nil {
		return nil // there are none
	}
	var paths []string
	for _, entry := range entries {
		if isFile(filepath.Join(o.at(extensionsDir), entry.Name())) {
			paths = append(paths, o.at(extensionsDir+"/"+entry.Name()))
		}
	}
	return paths
}

// startExtensions starts the external extensions; the caller holds e.mu.
func (e *environment) startExtensions() error {
	variables := lines(e.values, isRuntimeOnly)
	for _, program := range e.function.extensions {
		x := newExtension(path.Base(program), true)
		c := command{program: program, dir: "/", variables: variables}
		var err error
		x.process, err = startProcess(c, x.tail.logTo(e.log.With("extension", x.name)))
		if err != nil {
			return newFunctionError(errorExtensionLaunch, requestID(e.current), "extension "+x.name+": "+err.Error())
		}
		e.extensions = append(e.extensions, x)
		e.watching.Go(func() { e.extensionEnded(x, x.process.wait()) })
	}
	return nil
}

// extensionEnded ends the environment whose extension ended before it.
func (e *environment) extensionEnded(x *extension, state *os.ProcessState) {
	e.mu.Lock()
	inv, reported := e.current, x.reported
	e.mu.Unlock()
	reason := state.String()
	if state.Success() {
		reason = "exit code 0"
	}
	if reported == nil {
		reported = newFunctionError(errorExtensionCrash, requestID(inv), reason)
	}
	e.killFor(reported, x)
}

// register accepts an extension; the caller holds e.mu. It returns the type and
// text of the error if it doesn't.
func (e *environment) register(name string, events []string) (x *extension, errorType, message string) {
	i := slices.IndexFunc(e.extensions, func(x *extension) bool { return x.name == name })
	external := i >= 0 && e.extensions[i].external
	for _, event := range events {
		switch {
		case event == eventShutdown && !external:
			return nil, errorEventType, event + ": ShutdownEventNotSupportedForInternalExtension"
		case event != eventInvoke && event != eventShutdown:
			return nil, errorEventType, event + ": ErrorInvalidEventType"
		}
	}
	switch {
	case i >= 0 && e.extensions[i].id != "":
		return nil, errorExtensionState, "extension " + name + " has registered already"
	case i >= 0:
		x = e.extensions[i]
	default:
		x = newExtension(name, false)
		e.extensions = append(e.extensions, x)
	}
	x.id = NewRequestID()
	x.invoke, x.shutdown = slices.Contains(events, eventInvoke), slices.Contains(events, eventShutdown)
	if external && !slices.ContainsFunc(e.extensions, isUnregistered) {
		close(e.registered)
	}
	return x, "", ""
}

func isUnregistered(x *extension) bool { return x.id == "" }
