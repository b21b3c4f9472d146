package build

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// A stub responds in place of a part that isn't supported locally: 501, with a
// body that says which part and what to do. The rest of the app is served.
type stub struct{ cause, hint string }

// stub returns the stub of an unsupported part, and logs it once. If key isn't
// empty, --origin can put something in its place by that name.
func (b *builder) stub(unsupported error, key string) stub {
	unsupported = fault.Redact(unsupported, b.options.Values)
	hint := fault.HintOf(unsupported)
	if key != "" {
		hint = strings.TrimPrefix(hint+", or serve something in its place with --origin "+key+"=URL", ", ")
	}
	if !slices.Contains(b.stubbed, unsupported.Error()) {
		b.stubbed = append(b.stubbed, unsupported.Error())
		where := "a part of the app"
		if located := new(fault.Error); errors.As(unsupported, &located) && located.Where != "" {
			where = cmp.Or(located.NeededBy, located.Where)
		}
		if b.functions.checking {
			b.foundAt("unchecked", "isn't checked", unsupported)
		}
		fault.Log(b.log, slog.LevelError, where+" isn't served, its requests get 501", unsupported.Error(), hint)
	}
	return stub{unsupported.Error(), hint}
}

// skip logs once that a resource is left out, because of what isn't known here.
func (b *builder) skip(unknown error) {
	unknown = fault.Redact(unknown, b.options.Values)
	if !slices.Contains(b.stubbed, unknown.Error()) {
		b.stubbed = append(b.stubbed, unknown.Error())
		fault.Log(b.log, slog.LevelWarn, "a resource is left out", unknown.Error(), fault.HintOf(unknown))
	}
}

// unsupported returns an error about what may work on AWS, but not here.
func unsupported(property, hint, problem string) error {
	return fault.In(property, &fault.Error{Problem: problem, Hint: hint, Err: template.ErrUnsupported})
}

func (s stub) body() string { return "cloudfurl: " + s.cause + "\n" + s.hint + "\n" }

func (s stub) header() http.Header {
	return http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Cache-Control": {"no-store"}}
}

// ServeHTTP responds in place of a distribution or function URL.
func (s stub) ServeHTTP(w http.ResponseWriter, r *http.Request) { exchange.Serve(s.RoundTrip, w, r) }

// RoundTrip responds in place of an origin.
func (s stub) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	trace.FromContext(r.Context()).Reject(nil, http.StatusNotImplemented, s.cause, s.hint)
	return exchange.NewResponse(r, http.StatusNotImplemented, s.header(), []byte(s.body())), nil
}

// edgeFunction returns the response in place of a Lambda@Edge function.
func (s stub) edgeFunction(_ context.Context, event *spool.Document) ([]byte, error) {
	event.Close()
	headers := map[string][]map[string]string{}
	for name, values := range s.header() {
		headers[strings.ToLower(name)] = []map[string]string{{"key": name, "value": values[0]}}
	}
	return json.Marshal(map[string]any{
		"status": strconv.Itoa(http.StatusNotImplemented), "statusDescription": http.StatusText(http.StatusNotImplemented),
		"headers": headers, "body": s.body(),
	})
}

// viewerFunction returns the stub in place of a CloudFront Function.
func (s stub) viewerFunction() *cffunction.Function {
	return cffunction.Responding(cffunction.Response{
		StatusCode: http.StatusNotImplemented, StatusDescription: http.StatusText(http.StatusNotImplemented),
		Header: s.header(), Body: []byte(s.body()), HasBody: true,
	})
}
