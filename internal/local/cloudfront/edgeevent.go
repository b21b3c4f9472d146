package cloudfront

import (
	"encoding/json"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// The event of a Lambda@Edge function.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
type (
	edgeEvent struct {
		Records [1]struct {
			CF edgeCF `json:"cf"`
		}
	}
	edgeCF struct {
		Config   edgeConfig         `json:"config"`
		Request  edgeRequestEvent   `json:"request"`
		Response *edgeResponseEvent `json:"response,omitempty"`
	}
	edgeConfig struct {
		DistributionDomainName string    `json:"distributionDomainName"`
		DistributionID         string    `json:"distributionId"`
		EventType              EventType `json:"eventType"`
		RequestID              string    `json:"requestId"`
	}
	edgeRequestEvent struct {
		Body        *edgeBody   `json:"body,omitempty"`
		ClientIP    string      `json:"clientIp"`
		Headers     edgeHeaders `json:"headers"`
		Method      string      `json:"method"`
		Origin      *edgeOrigin `json:"origin,omitempty"`
		QueryString string      `json:"querystring"`
		URI         string      `json:"uri"`
	}
	edgeResponseEvent struct {
		Headers           edgeHeaders `json:"headers"`
		Status            string      `json:"status"`
		StatusDescription string      `json:"statusDescription"`
	}
	// edgeBody is the request's body, always base64 at the function.
	edgeBody struct {
		Action         string `json:"action"`
		Data           string `json:"data"`
		Encoding       string `json:"encoding"`
		InputTruncated bool   `json:"inputTruncated"`
	}
	// edgeHeaders are headers by lower-case name.
	edgeHeaders map[string][]edgeHeader
	edgeHeader  struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
)

// newEdgeEvent returns the event of a request with as much of its body as is
// shown, and with resp of a response.
//
// The query string is shown at origin events only if the policies forward all of
// it; see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-query-strings
// Inferred: otherwise the function sees the part that is forwarded.
func (d *Distribution) newEdgeEvent(v *visit, event EventType, req request, shown *shownBody, resp *response) (*spool.Document, error) {
	cf := edgeCF{
		Config: edgeConfig{d.config.DomainName, d.config.ID, event, v.id},
		Request: edgeRequestEvent{
			ClientIP:    v.ip,
			Headers:     newEdgeHeaders(headers.Visible(req.header)),
			Method:      req.method,
			QueryString: headers.UTF8(req.query),
			URI:         req.uri,
		},
	}
	if event == OriginRequest || event == OriginResponse {
		cf.Request.Origin = newEdgeOrigin(v.origin)
	}
	var body *spool.Body
	if shown != nil {
		cf.Request.Body = &edgeBody{Action: "read-only", Encoding: "base64", InputTruncated: shown.cut}
		if body = shown.body; body != nil {
			cf.Request.Body.Data = spool.Placeholder
		}
	}
	if resp != nil {
		cf.Response = &edgeResponseEvent{newEdgeHeaders(headers.Visible(resp.header)), strconv.Itoa(resp.status), http.StatusText(resp.status)}
	}
	var e edgeEvent
	e.Records[0].CF = cf
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return spool.NewDocument(data, body, false)
}

// newEdgeHeaders returns headers in the form of an event.
func newEdgeHeaders(header http.Header) edgeHeaders {
	shown := make(edgeHeaders, len(header))
	for name, values := range header {
		pairs := make([]edgeHeader, len(values))
		for i, value := range values {
			pairs[i] = edgeHeader{name, value}
		}
		shown[strings.ToLower(name)] = pairs
	}
	return shown
}

// header returns the headers that a function returned. Keys are optional, and
// must be the name that they stand under.
func (h edgeHeaders) header() (http.Header, error) {
	header := make(http.Header, len(h))
	for name, pairs := range h {
		if name != strings.ToLower(name) || !httpguts.ValidHeaderFieldName(name) {
			return nil, invalid("the header name " + strconv.Quote(name) + " isn't a lower-case header name")
		}
		if len(pairs) == 0 {
			continue
		}
		values := make([]string, len(pairs))
		for i, pair := range pairs {
			if pair.Key != "" && !strings.EqualFold(pair.Key, name) {
				return nil, invalid("the header " + name + " has the key " + strconv.Quote(pair.Key) + ", which isn't its name")
			}
			values[i] = pair.Value
		}
		header[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	return header, nil
}
