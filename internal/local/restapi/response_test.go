package restapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

const nuls = "\x00\x00\x00\x00\x00\x00\x00\x00"

// The first cases are those of LocalStack's recordings of AWS
// (test_aws_proxy_response_payload_format_validation).
func TestAPI_reads_results_of_payload_1_0(t *testing.T) {
	for result, want := range map[string]struct {
		status int
		body   string
		log    string // of a rejection
	}{
		`{"statusCode":200}`:                                          {200, "", ""},
		`{"statusCode":"201","body":null}`:                            {201, "", ""},
		`{"headers":{"test-header":"value"}}`:                         {200, "", ""},
		`{"statusCode":200,"headers":null,"multiValueHeaders":null}`:  {200, "", ""},
		`{"statusCode":200,"wrongValue":"value"}`:                     {502, "", "wrongValue"},
		`{"statusCode":200,"multiValueHeaders":{"a":"value1"}}`:       {502, "", "which has lists"},
		`{"statusCode":"test"}`:                                       {502, "", "statusCode"},
		`"justAString"`:                                               {502, "", "isn't of payload format 1.0"},
		`{"statusCode":200,"body":"dGVzdA==","isBase64Encoded":true}`: {200, "dGVzdA==", ""},
		`{"statusCode":200,"cookies":["a=1"],"body":"x"}`:             {502, "", "cookies go into multiValueHeaders"},
		`{"statusCode":200,"body":{"a":1}}`:                           {502, "", "body"},
		`{"statusCode":200,"headers":{"Set-Cookie":["a=1"]}}`:         {502, "", "header Set-Cookie isn't a string"},
		`null`:                      {502, "", "it isn't an object"},
		``:                          {502, "", "EOF"},
		`{"statusCode":99}`:         {502, "", "outside 200–599"},
		`{"statusCode":200}` + nuls: {200, "", ""},
		`{"statusCode":200,"headers":{}, "x":1}` + nuls + "a": {502, "", "set ResponseTransferMode to STREAM"},
	} {
		a := newAPI(t, returns(result), nil, "GET /")
		resp := a.send(t, http.MethodGet, "/prod/", "")
		if resp.status != want.status || want.status != 502 && resp.body != want.body || want.status == 502 && resp.body != `{"message":"Internal server error"}` {
			t.Errorf("%s: got %d %q, want %d", result, resp.status, resp.body, want.status)
		}
		if want.log != "" {
			a.log.Want(t, "a request failed", want.log)
		}
	}
}

func TestAPI_decodes_base64_for_viewers_who_accept_it(t *testing.T) {
	for _, test := range []struct {
		types  []string
		accept string
		want   string
	}{
		{[]string{"*/*"}, "text/html", "test"},
		{[]string{"*/*"}, "", "test"},
		{[]string{"image/png"}, "image/png,*/*;q=0.8", "test"},
		{[]string{"image/png"}, "*/*", "dGVzdA=="},
		{[]string{"image/png"}, "text/html,image/png", "dGVzdA=="}, // the first one counts
		{nil, "image/png", "dGVzdA=="},
	} {
		a := newAPI(t, returns(`{"body":"dGVzdA==","isBase64Encoded":true}`), func(c *restapi.Config) { c.BinaryMediaTypes = test.types }, "GET /")
		req := newRequest(http.MethodGet, "/prod/", "")
		if test.accept != "" {
			req.Header.Set("Accept", test.accept)
		}
		if resp := a.do(t, req); resp.body != test.want {
			t.Errorf("%v, Accept %q: got %q, want %q", test.types, test.accept, resp.body, test.want)
		}
		if told := strings.Contains(a.log.String(), "a viewer gets base64"); told != (test.want != "test") {
			t.Errorf("%v, Accept %q: log %s", test.types, test.accept, a.log)
		}
	}
}

func TestAPI_merges_and_renames_headers(t *testing.T) {
	const head = `{"headers":{"www-authenticate":"Basic","Server":"x","date":"d","connection":"close","X-One":"solo","x-two":"multi","Via":"v","Content-Length":"7"},` +
		`"multiValueHeaders":{"x-One":["multi"],"X-Two":["multi"],"set-cookie":["a=1","b=2"]}}`
	for mode, function := range map[string]invoke{"": returns(head), " STREAM": returns(head + nuls + "body")} {
		resp := newAPI(t, function, nil, "GET /"+mode).send(t, http.MethodGet, "/prod/", "")
		for name, want := range map[string][]string{
			"X-Amzn-Remapped-Www-Authenticate": {"Basic"}, "X-Amzn-Remapped-Server": {"x"}, "X-Amzn-Remapped-Date": {"d"}, "X-Amzn-Remapped-Connection": {"close"},
			"X-One": {"multi", "solo"}, "X-Two": {"multi"}, "Set-Cookie": {"a=1", "b=2"}, "Content-Type": {"application/json"}, "Www-Authenticate": nil, "Via": nil,
		} {
			if got := resp.header[name]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s: got %q, want %q", mode, name, got, want)
			}
		}
		if trace := resp.header.Get("X-Amzn-Trace-Id"); !strings.HasPrefix(trace, "Root=1-") {
			t.Errorf("%s: got trace %q", mode, trace)
		}
	}
}

func TestAPI_rejects_functions_that_fail(t *testing.T) {
	fails := func(err error) invoke {
		return func(context.Context, []byte) (*lambda.Response, error) { return nil, err }
	}
	for name, test := range map[string]struct {
		function invoke
		route    string
		status   int
	}{
		"an error":               {fails(&lambda.FunctionError{Type: "Runtime.ExitError"}), "GET /", 502},
		"an error, streaming":    {fails(&lambda.FunctionError{Type: "Runtime.ExitError"}), "GET / STREAM", 502},
		"no environment is free": {fails(&lambda.ThrottledError{Reason: lambda.ReasonReservedConcurrency}), "GET /", 500},
		"no prelude":             {returns(`{"statusCode":200,"body":"x"}`), "GET / STREAM", 502},
		"a late prelude":         {returns(`{"headers":{"a":"` + strings.Repeat("x", 16<<10) + `"}}` + nuls), "GET / STREAM", 502},
		"not a prelude":          {returns("[]" + nuls), "GET / STREAM", 502},
	} {
		resp := newAPI(t, test.function, nil, test.route).send(t, http.MethodGet, "/prod/", "")
		if resp.status != test.status || resp.body != `{"message":"Internal server error"}` {
			t.Errorf("%s: got %d %s", name, resp.status, resp.body)
		}
	}
}

func TestAPI_lets_something_respond_in_place_of_a_function(t *testing.T) {
	instead := roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		return &http.Response{StatusCode: 418, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(fmt.Sprint(r.URL.RequestURI(), " ", string(body))))}, err
	})
	a := newAPI(t, nil, func(c *restapi.Config) {
		c.Stages["prod"].Routes[0].Instead = func() http.RoundTripper { return instead }
	}, "ANY /{proxy+} KEY")
	resp := a.send(t, http.MethodPost, "/prod/a%2Fb?q=1", "body", "X-Api-Key", "a-key")
	if resp.status != 418 || resp.body != "/a%2Fb?q=1 body" {
		t.Errorf("got %d %s", resp.status, resp.body)
	}
	if resp := a.send(t, http.MethodPost, "/prod/a", ""); resp.status != http.StatusForbidden {
		t.Errorf("without a key: got %d", resp.status)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
