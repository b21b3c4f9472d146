package restapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

func TestMock_responds_with_constants(t *testing.T) {
	cors := map[string]string{"method.response.header.Access-Control-Allow-Origin": "'*'", "method.response.header.Access-Control-Allow-Methods": "'GET,POST'"}
	for _, test := range []struct {
		template  string
		responses []restapi.MockResponse
		status    int
		body, err string
	}{
		{"{ statusCode: 204 }", []restapi.MockResponse{{StatusCode: "204", ResponseParameters: cors}}, 204, "", ""},                                                                                  // CDK
		{"{\n  \"statusCode\" : 200\n}\n", []restapi.MockResponse{{StatusCode: "200", ResponseParameters: cors, ResponseTemplates: map[string]string{"application/json": "{}\n"}}}, 200, "{}\n", ""}, // SAM
		{`{"statusCode":404}`, []restapi.MockResponse{{StatusCode: "200"}, {StatusCode: "404", SelectionPattern: "404"}}, 404, "", ""},
		{`{"statusCode":$input.path("$.code")}`, nil, 0, "", "RequestTemplates: isn't a constant"},
		{`{"statusCode":200}`, []restapi.MockResponse{{StatusCode: "200", ResponseTemplates: map[string]string{"application/json": "#if(1)"}}}, 0, "", "ResponseTemplates: isn't a constant"},
		{`{"statusCode":200}`, []restapi.MockResponse{{StatusCode: "200", ResponseParameters: map[string]string{"method.response.header.A": "integration.response.header.A"}}}, 0, "", "ResponseParameters: isn't a constant"},
		{`{"statusCode":200}`, []restapi.MockResponse{{StatusCode: "404", SelectionPattern: "404"}}, 0, "", "none is for status 200"},
	} {
		mock, err := restapi.NewMock(test.template, test.responses)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: got %v, want %s", test.template, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		resp, _ := mock.RoundTrip(newRequest(http.MethodOptions, "/", ""))
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != test.status || string(body) != test.body || len(test.responses[0].ResponseParameters) > 0 && resp.Header.Get("Access-Control-Allow-Methods") != "GET,POST" {
			t.Errorf("%s: got %d %v %s", test.template, resp.StatusCode, resp.Header, body)
		}
	}
}
