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

// codes are S3's codes of errors, with their status and message.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// Seen: aws/aws-sdk-ruby#3222 and sagidM/s3-resizer#13 have the messages of
// AccessDenied and NoSuchKey, and infinitered/apisauce#245 that of EntityTooLarge.
var codes = map[string]struct {
	status  int
	message string
}{
	"AccessDenied":                 {http.StatusForbidden, "Access Denied"},
	"AccessForbidden":              {http.StatusForbidden, "CORSResponse: CORS is not enabled for this bucket."},
	"AuthorizationHeaderMalformed": {http.StatusBadRequest, "The authorization header that you provided is not valid."},
	"EntityTooLarge":               {http.StatusBadRequest, "Your proposed upload exceeds the maximum allowed size"},
	"EntityTooSmall":               {http.StatusBadRequest, "Your proposed upload is smaller than the minimum allowed size"},
	"InternalError":                {http.StatusInternalServerError, "We encountered an internal error. Please try again."},
	"InvalidAccessKeyId":           {http.StatusForbidden, "The AWS Access Key Id you provided does not exist in our records."},
	"InvalidArgument":              {http.StatusBadRequest, "Unsupported Authorization Type"},
	"InvalidPolicyDocument":        {http.StatusBadRequest, "Invalid Policy: Invalid JSON."},
	"InvalidRange":                 {http.StatusRequestedRangeNotSatisfiable, "The requested range is not satisfiable"},
	"InvalidURI":                   {http.StatusBadRequest, "Couldn't parse the specified URI."},
	"KeyTooLongError":              {http.StatusBadRequest, "Your key is too long"},
	"MaxPostPreDataLengthExceeded": {http.StatusBadRequest, "Your POST request fields preceeding the upload file was too large."},
	"MethodNotAllowed":             {http.StatusMethodNotAllowed, "The specified method is not allowed against this resource."},
	"NoSuchBucket":                 {http.StatusNotFound, "The specified bucket does not exist"},
	"NoSuchKey":                    {http.StatusNotFound, "The specified key does not exist."},
	"NotImplemented":               {http.StatusNotImplemented, "A header you provided implies functionality that is not implemented"},
	"PreconditionFailed":           {http.StatusPreconditionFailed, "At least one of the pre-conditions you specified did not hold"},
	"SignatureDoesNotMatch":        {http.StatusForbidden, "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
}

// A rejection is a response of S3 without an object.
type rejection struct {
	code string

	// message is S3's message. Default: that of the code
	message string

	// key, size and requested go into the error where S3 puts them.
	key, requested string
	size           int64

	// cause and hint are for the log.
	cause, hint string
}

func rejected(code, cause, hint string) *rejection {
	return &rejection{code: code, cause: cause, hint: hint}
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
func (b *Bucket) reject(req *http.Request, r *rejection) *http.Response {
	trace.FromContext(req.Context()).Reject(b.log, codes[r.code].status, r.cause, r.hint)
	h := newHeader()
	document := errorDocument{
		Code: r.code, Message: cmp.Or(r.message, codes[r.code].message), Key: r.key, RangeRequested: r.requested,
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
	return exchange.NewResponse(req, codes[r.code].status, h, append([]byte(xml.Header), body...))
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
