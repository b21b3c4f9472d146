package adapter

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// every is what every request has, with the fields of both contexts in alphabetical
// order. AWS's adapter writes some that the event lacks as null; the stand-in writes
// those of the event.
var every = []string{
	"content-length: 0",
	"host: " + host,
	`x-amzn-lambda-context: {"deadline":1790000000000,` +
		`"env_config":{"function_name":"shop","log_group":"/aws/lambda/shop","log_stream":"2026/09/28/[$LATEST]1","memory":512,"version":"$LATEST"},` +
		`"invoked_function_arn":"arn:aws:lambda:eu-west-1:123456789012:function:shop","request_id":"request-1","xray_trace_id":"Root=1-68d0-1;Sampled=0"}`,
	`x-amzn-request-context: {"accountId":"123456789012","apiId":"abc","authorizer":{"iam":{"accessKey":"AKIA","accountId":"123456789012",` +
		`"callerId":"AIDA","userArn":"arn:aws:iam::123456789012:user/alice","userId":"AIDA"}},"domainName":"` + host + `","domainPrefix":"abc",` +
		`"http":{"method":"GET","path":"/ü<","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"curl/8"},` +
		`"requestId":"request-1","routeKey":"$default","stage":"$default","time":"28/Sep/2026:10:00:00 +0000","timeEpoch":1790000000000}`,
	"x-amzn-trace-id: Root=1-68d0-1;Sampled=0",
}

func TestAdapters_say_where_a_request_comes_from(t *testing.T) {
	each(t, func(t *testing.T, i implementation) {
		a, l := listen(t, ok), newLambda(t)
		i.start(t, l.address(), variables(a.port(), nil))
		l.invoke(t, event{path: "/%C3%BC%3C", decodedPath: "/ü<", headers: with("x-amzn-trace-id", "Root=1-of-the-event")}.String())
		got := receive(t, a.received, "request").header
		for n, line := range got {
			if name, text, _ := strings.Cut(line, ": "); strings.HasSuffix(name, "-context") {
				got[n] = name + ": " + sorted(t, text)
			}
		}
		if !slices.Equal(got, every) {
			t.Errorf("the headers differ (-want +got):\n%s", cmp.Diff(every, got))
		}
	})
}

// sorted returns a document with its fields in alphabetical order, without those that
// are null.
func sorted(t *testing.T, document string) string {
	t.Helper()
	var v map[string]any
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	withoutNull(v)
	return marshal(v)
}

func withoutNull(fields map[string]any) {
	maps.DeleteFunc(fields, func(_ string, value any) bool { return value == nil })
	for _, value := range fields {
		if inner, ok := value.(map[string]any); ok {
			withoutNull(inner)
		}
	}
}
