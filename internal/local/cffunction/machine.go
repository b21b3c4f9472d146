package cffunction

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja"
)

// MaxDuration is the most wall time that one run may take. CloudFront counts
// compute utilization, a share of an undisclosed time, instead.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-function-restrictions.html#cloudfront-function-restrictions-compute-utilization
//
// Inferred: the bound; published measurements put CloudFront's at about a
// millisecond of CPU time, and a busy machine must not fail a good function.
const MaxDuration = 2 * time.Second

// maxCalls bounds recursion. Inferred: CloudFront's depth is not published; 10 KB of code needs no more.
const maxCalls = 1000

func init() {
	// goja can't interrupt a regular expression that backtracks without end.
	// It hands those that can to regexp2, which nothing else in this process uses.
	regexp2.DefaultMatchTimeout = 2 * MaxDuration
}

// A machine is one JavaScript runtime with a function's code loaded. It
// serves one request at a time.
type machine struct {
	f       *Function
	js      *goja.Runtime
	globals int // how many enumerable globals there are when nobody has added one

	call    *call
	handler goja.Callable
}

// A call is one run.
type call struct {
	ctx   context.Context
	event *event
	begun time.Time
}

func (f *Function) newMachine() (*machine, error) {
	m := &machine{f: f, js: goja.New()}
	m.js.SetMaxCallStackSize(maxCalls)
	m.js.SetTimeSource(func() time.Time { return m.call.begun })
	m.begin(nil)
	if err := errors.Join(m.bound(), m.provide(), m.restrict(f.config.Runtime)); err != nil {
		return nil, fmt.Errorf("preparing the runtime of CloudFront function %s: %w", f.config.Name, err)
	}
	m.globals = len(m.js.GlobalObject().Keys())
	return m, nil
}

// begin makes c the machine's run. The clock stands still until the next one.
//
// See: functions-javascript-runtime-20.html, "Date and timestamps"
func (m *machine) begin(c *call) {
	if c == nil {
		c = &call{ctx: context.Background()}
	}
	c.begun = time.Now()
	m.call, m.handler = c, nil
	m.js.ClearInterrupt()
}

// clean reports whether the last run left the global object as it was.
func (m *machine) clean() bool { return len(m.js.GlobalObject().Keys()) == m.globals }

// run calls the function that a program is.
func (m *machine) run(program *goja.Program, arguments ...goja.Value) (goja.Value, error) {
	value, err := m.js.RunProgram(program)
	if err != nil {
		return nil, err
	}
	function, _ := goja.AssertFunction(value)
	return function(goja.Undefined(), arguments...)
}

// start runs the code from its first line and keeps the handler.
func (m *machine) start() error {
	value, err := m.run(m.f.program)
	if err != nil {
		return err
	}
	handler, ok := goja.AssertFunction(value)
	if !ok {
		return m.f.failed("TypeError: handler is not a function", "write function handler(event) { … }")
	}
	m.handler = handler
	return nil
}

// handle calls the handler and waits for what it returns. Promise jobs have
// all run when a call into the engine returns.
func (m *machine) handle(event goja.Value) (goja.Value, error) {
	value, err := m.handler(goja.Undefined(), event)
	if err != nil {
		return nil, err
	}
	// Exporting anything else would run its getters.
	if value.ExportType() != reflect.TypeFor[*goja.Promise]() {
		return value, nil
	}
	promise := value.Export().(*goja.Promise)
	switch promise.State() {
	case goja.PromiseStateFulfilled:
		return promise.Result(), nil
	case goja.PromiseStateRejected:
		return nil, m.thrown(promise.Result())
	}
	return nil, m.f.failed("the promise that handler returned never settles", "await only what the modules return; nothing runs after the handler")
}

// calling runs work inside the engine, so that what it throws comes back as an error.
func (m *machine) calling(work func()) (goja.Value, error) {
	run, _ := goja.AssertFunction(m.js.ToValue(func(goja.FunctionCall) goja.Value {
		work()
		return goja.Undefined()
	}))
	return run(goja.Undefined())
}

// json returns a value as JSON.stringify writes it, empty for what it can't write.
func (m *machine) json(value goja.Value) string {
	stringify, _ := goja.AssertFunction(m.js.Get("JSON").ToObject(m.js).Get("stringify"))
	if text, err := stringify(goja.Undefined(), value); err == nil && !goja.IsUndefined(text) {
		return text.String()
	}
	return ""
}

// text returns a value as console.log writes it. Inferred: objects as JSON.
func (m *machine) text(value goja.Value) string {
	object, ok := value.(*goja.Object)
	if !ok || object.ClassName() != "Object" && object.ClassName() != "Array" {
		return value.String()
	}
	// An object that refers to itself has no JSON.
	return cmp.Or(m.json(object), value.String())
}

// throw throws an error of one of the built-in types.
func (m *machine) throw(kind, message string) {
	thrown, err := m.js.New(m.js.Get(kind), m.js.ToValue(message))
	if err != nil {
		panic(err)
	}
	panic(thrown)
}

// log is console.log: one argument, for the function's log.
//
// See: functions-javascript-runtime-20.html, "Console"
func (m *machine) log(fc goja.FunctionCall) goja.Value {
	c := m.call
	if len(fc.Arguments) > 1 {
		m.f.logger.LogAttrs(c.ctx, slog.LevelWarn, "console.log shows its first argument only", slog.String("source", m.f.config.Name),
			slog.String("cause", "CloudFront Functions do not support console.log('a', 'b')"), slog.String("hint", "join the parts with +"))
	}
	m.f.logger.LogAttrs(c.ctx, slog.LevelInfo, m.text(fc.Argument(0)), slog.String("source", m.f.config.Name))
	return goja.Undefined()
}

// maxGrowth is how much the process's heap may grow during a run, in bytes.
// CloudFront's quota is 2 MB, but the engine can't count what a run holds, and
// other requests allocate bodies meanwhile.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const maxGrowth = 256 << 20

// memoryCheck is how often a run is checked: most end before the first time.
const memoryCheck = time.Millisecond

var errTooLarge = errors.New("the function used too much memory")

// watchMemory interrupts the run if the heap grows too much. stop ends the watch,
// and reports whether it interrupted the run.
func (m *machine) watchMemory() (stop func() (interrupted bool)) {
	interrupted := false
	var watching sync.WaitGroup
	done := make(chan struct{})
	watching.Go(func() {
		ticker := time.NewTicker(memoryCheck)
		defer ticker.Stop()
		for before := uint64(0); !interrupted; {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			size := heap()
			if before = cmp.Or(before, size); size > before+maxGrowth {
				interrupted = true
				m.js.Interrupt(errTooLarge)
			}
		}
	})
	return func() bool {
		close(done)
		watching.Wait()
		return interrupted
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

var boundProgram = script("memory", "")

// bound bounds the built-ins that make much of little, because one call of
// them can't be interrupted.
func (m *machine) bound() error {
	_, err := m.run(boundProgram)
	return err
}
