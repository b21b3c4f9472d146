package cloudfront

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// FuzzEdgeEvent holds that a function that changes nothing changes nothing.
func FuzzEdgeEvent(f *testing.F) {
	f.Add("/a%20b", "x=1&y", "X-A", "b", []byte("body"))
	f.Add("/", "%zz=\xff", "Cookie", "\xe9", []byte{0, 255})
	f.Add("/%2F..", "#", "X-Edge-A", "", []byte{})
	d, err := New(testConfig(&seen{}), slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, uri, query, name, value string, sent []byte) {
		if !strings.HasPrefix(uri, "/") || headers.UTF8(uri) != uri || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return
		}
		name = http.CanonicalHeaderKey(name)
		v := &visit{origin: d.origins["url"]}
		before := request{method: "POST", uri: uri, query: query, header: http.Header{name: {value, "2"}, "Host": {"h"}}}
		shown, err := v.peek(&body{io.NopCloser(bytes.NewReader(sent)), -1}, len(sent)+1)
		if err != nil {
			t.Fatal(err)
		}
		defer v.close()
		document, err := d.newEdgeEvent(v, OriginRequest, before, shown, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer document.Close()
		var event bytes.Buffer
		if _, err := document.WriteTo(&event); err != nil {
			t.Fatal(err)
		}
		var e struct {
			Records []struct {
				CF struct{ Request json.RawMessage }
			}
		}
		if err := json.Unmarshal(event.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		result, err := parseEdgeResult(e.Records[0].CF.Request)
		if err != nil {
			t.Fatal(err)
		}
		after := before
		if _, replaced, err := result.applyTo(&after, OriginRequest); err != nil || replaced {
			t.Fatalf("%v %v", replaced, err)
		}
		if diff := cmp.Diff(before, after, cmp.AllowUnexported(request{}, body{})); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzEdgeResult holds that no result of a function can do harm.
func FuzzEdgeResult(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"status":"200","body":"x"}`, `{"status":204,"headers":{"a":[{"value":"b"}]}}`,
		`{"uri":"/","headers":{"host":[{"key":"Host","value":"h"}]},"body":{"action":"replace","encoding":"base64","data":"AA=="}}`,
		`{"uri":"/x","headers":{},"origin":{"s3":{"domainName":"b.s3.amazonaws.com","path":""}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, event := range []EventType{ViewerRequest, OriginRequest, OriginResponse, ViewerResponse} {
			config := testConfig(&seen{})
			config.Default.Edge = map[EventType]EdgeAssociation{event: {Function: responding(data, nil)}}
			d, err := New(config, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			resp := ask(t, d, "POST", "/", "body")
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode < 200 || resp.StatusCode > 599 {
				t.Fatalf("%s: %d %v", event, resp.StatusCode, err)
			}
			for name, values := range resp.Header {
				if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(strings.Join(values, "")) {
					t.Fatalf("%s: header %q: %q", event, name, values)
				}
			}
		}
	})
}
