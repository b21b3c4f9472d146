package bucket

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// messages are S3's messages for the codes.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// Seen: aws/aws-sdk-ruby#3222 and sagidM/s3-resizer#13 have those of
// AccessDenied and NoSuchKey, and infinitered/apisauce#245 that of EntityTooLarge.
var messages = map[string]string{
	"AccessDenied":                 "Access Denied",
	"AccessForbidden":              "CORSResponse: CORS is not enabled for this bucket.",
	"AuthorizationHeaderMalformed": "The authorization header that you provided is not valid.",
	"EntityTooLarge":               "Your proposed upload exceeds the maximum allowed size",
	"EntityTooSmall":               "Your proposed upload is smaller than the minimum allowed size",
	"InternalError":                "We encountered an internal error. Please try again.",
	"InvalidAccessKeyId":           "The AWS Access Key Id you provided does not exist in our records.",
	"InvalidArgument":              "Unsupported Authorization Type",
	"InvalidRange":                 "The requested range is not satisfiable",
	"InvalidURI":                   "Couldn't parse the specified URI.",
	"KeyTooLongError":              "Your key is too long",
	"MethodNotAllowed":             "The specified method is not allowed against this resource.",
	"NoSuchBucket":                 "The specified bucket does not exist",
	"NoSuchKey":                    "The specified key does not exist.",
	"NotImplemented":               "A header you provided implies functionality that is not implemented",
	"PreconditionFailed":           "At least one of the pre-conditions you specified did not hold",
	"SignatureDoesNotMatch":        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
}

// A rejection is a response of S3 without an object.
type rejection struct {
	status int
	code   string

	// message is S3's message. Default: that of the code
	message string

	// key, size and requested go into the error where S3 puts them.
	key, requested string
	size           int64

	// cause and hint are for the log.
	cause, hint string
}

func (r *rejection) Error() string { return r.cause }

// An errorDocument is the body of an error.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
// Seen: aws/aws-sdk-ruby#3222, without the element Resource that the page shows.
type errorDocument struct {
	XMLName          xml.Name `xml:"Error"`
	Code             string
	Message          string
	Key              string `xml:",omitempty"`
	RangeRequested   string `xml:",omitempty"`
	ActualObjectSize *int64 `xml:",omitempty"`
	RequestID        string `xml:"RequestId"`
	HostID           string `xml:"HostId"`
}

// reject responds with an error document and records why.
func (b *Bucket) reject(req *http.Request, r rejection) *http.Response {
	trace.FromContext(req.Context()).Reject(b.log, r.status, r.cause, r.hint)
	h := newHeader()
	document := errorDocument{
		Code: r.code, Message: cmp.Or(r.message, messages[r.code]), Key: r.key, RangeRequested: r.requested,
		RequestID: h.Get("X-Amz-Request-Id"), HostID: h.Get("X-Amz-Id-2"),
	}
	if r.code == "InvalidRange" {
		document.ActualObjectSize = &r.size
	}
	body, err := xml.Marshal(document)
	if err != nil {
		// Strings and numbers always marshal.
		panic(err)
	}
	h.Set("Content-Type", "application/xml")
	return exchange.NewResponse(req, r.status, h, append([]byte(xml.Header), body...))
}

// newHeader returns the headers that every response has.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
func newHeader() http.Header {
	id := make([]byte, 56)
	rand.Read(id)
	return http.Header{
		"X-Amz-Request-Id": {rand.Text()[:16]},
		"X-Amz-Id-2":       {base64.StdEncoding.EncodeToString(id)},
		"Date":             {time.Now().UTC().Format(http.TimeFormat)},
		"Server":           {"AmazonS3"},
	}
}
