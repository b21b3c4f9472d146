package restapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// A Mock is a mock integration that always responds the same, as those do that
// respond to preflight requests.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
type Mock struct {
	status int
	header http.Header
	body   string
}

// A MockResponse is what a mock integration may respond.
type MockResponse struct {
	StatusCode                            json.Number
	SelectionPattern                      string
	ResponseParameters, ResponseTemplates map[string]string
}

var (
	mockStatus  = regexp.MustCompile(`^\s*\{\s*["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*\}\s*$`)
	mockLiteral = regexp.MustCompile(`^'[^']*'$`)
)

// NewMock returns the mock integration with a template for JSON and responses.
// An error is a *fault.Error about what isn't supported.
func NewMock(template string, responses []MockResponse) (*Mock, error) {
	m := &Mock{header: http.Header{"Content-Type": {"application/json"}}}
	status := mockStatus.FindStringSubmatch(template)
	if status == nil {
		return nil, constant("RequestTemplates", `{"statusCode": 200}`, template)
	}
	for _, r := range responses {
		if r.SelectionPattern != status[1] && (r.SelectionPattern != "" || m.status != 0) {
			continue
		}
		if m.body = r.ResponseTemplates["application/json"]; strings.ContainsAny(m.body, "#$") {
			return nil, constant("ResponseTemplates", "text", m.body)
		}
		for name, value := range r.ResponseParameters {
			if !mockLiteral.MatchString(value) {
				return nil, constant("ResponseParameters", "'text'", value)
			}
			m.header.Set(strings.TrimPrefix(name, "method.response.header."), strings.Trim(value, "'"))
		}
		m.status, _ = strconv.Atoi(r.StatusCode.String())
	}
	if m.status == 0 {
		return nil, fault.In("IntegrationResponses", fault.New("add one without a SelectionPattern, with a StatusCode", "none is for status %s", status[1]))
	}
	return m, nil
}

func constant(property, form, got string) error {
	return fault.In(property, fault.New("write "+form+", or test it on AWS", "isn't a constant, and mapping templates aren't supported locally: %s", fault.Shorten(got)))
}

// RoundTrip responds.
func (m *Mock) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	return exchange.NewResponse(req, m.status, m.header.Clone(), []byte(m.body)), nil
}
