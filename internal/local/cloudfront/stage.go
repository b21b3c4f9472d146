package cloudfront

import (
	"maps"
	"net/http"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// A stage is one step on the way to the origin and back. It has the names by which
// traces show it on the way in and on the way out, empty where it does nothing.
type stage struct {
	in, out string
	around  func(next handler) handler
}

// chain leads through the stages, each recorded in the visit's trace, to the last one,
// which is the origin.
func chain(stages ...stage) func(last handler) handler {
	return func(last handler) handler {
		for _, s := range slices.Backward(stages) {
			last = s.recorded(last)
		}
		return last
	}
}

func (s stage) recorded(next handler) handler {
	run := s.around(func(v *visit) *response {
		v.leave(trace.Passed, v.state())
		resp := next(v)
		v.turn(s, resp)
		return resp
	})
	return func(v *visit) *response {
		v.enter(trace.In, s.in)
		resp := run(v)
		switch {
		case v.at == nil || resp == nil:
		case v.at.Way == trace.Out:
			v.leave(trace.Passed, resp.state())
		case resp.fromOrigin:
			v.leave(trace.Passed, v.state())
		default:
			v.leave(trace.Answered, v.state())
		}
		return resp
	}
}

// enter opens a stage of the trace, unless it has no name.
func (v *visit) enter(way, name string) {
	if name == "" || !v.trace.Detailed() {
		return
	}
	var part, property string
	if v.behavior != nil {
		part, property = v.behavior.Paths[EventType(name)], v.behavior.property
	}
	v.at = v.trace.Enter(way, name, part, property)
}

// leave closes the stage that is open, with what it changed.
func (v *visit) leave(outcome string, now trace.State) {
	if v.at == nil {
		return
	}
	changes := v.seen.ChangesTo(now)
	v.at.Leave(outcome, changes...)
	v.at = nil
	if len(changes) > 0 {
		v.see(now)
	}
}

// turn opens a stage on the way out, if its function sees the response.
func (v *visit) turn(s stage, resp *response) {
	unseen := resp == nil || EventType(s.out) == ViewerResponse && resp.status >= http.StatusBadRequest ||
		EventType(s.out) == OriginResponse && !resp.fromOrigin
	if s.out != "" && !unseen && v.trace.Detailed() {
		v.see(resp.state())
		v.enter(trace.Out, s.out)
	}
}

// see remembers a state, whose headers may be changed in place.
func (v *visit) see(state trace.State) {
	if v.trace.Detailed() {
		v.seen = state
		v.seen.Header = maps.Clone(state.Header)
	}
}

// state is that of the request so far.
func (v *visit) state() trace.State {
	r := v.request
	if v.forwarded.header != nil {
		r = v.forwarded
	}
	state := trace.State{Method: r.method, Path: r.uri, Query: r.query, Header: r.header, Body: r.body.length}
	if len(r.header["Host"]) > 0 {
		state.Host = r.header["Host"][0]
	}
	if v.outgoing != nil {
		state.Path, state.Header, state.Host = v.outgoing.URL.RawPath, v.outgoing.Header, v.outgoing.Host
	}
	return state
}

func (r *response) state() trace.State {
	return trace.State{Status: r.status, Header: r.header, Body: r.length}
}
