// Package adapter compares the local edge's stand-in for AWS's Lambda Web Adapter
// with the real one. Both get the same events and the same app, and have to do
// what the tables say. Where AWS's adapter isn't built (`make adapter`), the
// tables hold the stand-in alone.
package adapter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A row is one event: what the app gets of it, and what Lambda gets of the app's
// response.
type row struct {
	name      string
	variables map[string]string
	event     event
	respond   func(*exchange) // default: ok
	app       string          // what the app receives; default: not compared
	lambda    string          // what Lambda receives; default: not compared
}

// A difference is a row of which the stand-in does something else, on purpose.
type difference struct {
	row             // what AWS's adapter does
	why     string  // why the stand-in doesn't
	standIn outcome // what it does
}

type outcome struct{ app, lambda string }

var ok = answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 2\n\nok")

func TestAdapters_agree_with_the_tables(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		for _, rows := range [][]row{paths, queries, requestHeaders, requestBodies, responses, failures, buffered, rest} {
			for _, r := range rows {
				t.Run(r.name, func(t *testing.T) { r.compare(t, i, outcome{r.app, r.lambda}) })
			}
		}
	})
}

func TestAdapters_differ_only_where_the_table_says_why(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		for _, d := range differences {
			t.Run(d.name, func(t *testing.T) {
				want := outcome{d.app, d.lambda}
				if i.name == "stand-in" {
					want = d.standIn
				}
				d.compare(t, i, want)
			})
		}
	})
}

func (r row) compare(t *testing.T, i implementation, want outcome) {
	if r.respond == nil {
		r.respond = ok
	}
	a := listen(t, r.respond)
	l := newLambda(t)
	running := i.start(t, l.address(), variables(a.port(), r.variables))
	l.send(t, r.event.String())
	var got outcome
	select {
	case res := <-l.results:
		got.lambda = res.String()
	case <-running.done:
		got.lambda = "the adapter exits"
	case <-timeout():
		t.Fatal("the adapter doesn't respond to the event")
	}
	select {
	case req := <-a.received:
		got.app = req.String()
	default:
		got.app = "nothing"
	}
	if want.app != "" && got.app != want.app {
		t.Errorf("the app got something else (-want +got):\n%s", cmp.Diff(want.app, got.app))
	}
	if want.lambda != "" && got.lambda != want.lambda {
		t.Errorf("Lambda got something else (-want +got):\n%s", cmp.Diff(want.lambda, got.lambda))
	}
}
