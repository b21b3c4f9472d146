package sigv4

import "fmt"

// Codes of the errors of a signature check: the values of the x-amzn-errortype
// header.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
const (
	// MissingAuthenticationToken means that the request isn't signed.
	MissingAuthenticationToken = "MissingAuthenticationTokenException"

	// IncompleteSignature means that the Authorization header is malformed.
	IncompleteSignature = "IncompleteSignatureException"

	// InvalidSignature means that the signature doesn't match the request and the
	// secret key, or that its scope or its time is wrong.
	InvalidSignature = "InvalidSignatureException"

	// UnrecognizedClient means that the access key is unknown, or that the session
	// token doesn't belong to it.
	UnrecognizedClient = "UnrecognizedClientException"
)

// AWS's messages without a variable part.
//
// Seen: the first in every published capture of a function URL's 403, the second
// in responses of AWS's JSON services.
const (
	messageMismatch = "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	messageInvalidToken = "The security token included in the request is invalid."
)

// An Error is a request whose signature isn't valid.
type Error struct {
	// Code is one of this package's codes.
	Code string

	// Message is what AWS tells the caller. Some services add what should have been
	// signed, which is in Expected if only the signature is wrong.
	Message, Expected string

	// Detail is the cause, which AWS doesn't tell, and Hint what to do about it.
	// They are for the log, never for the caller. Detail may be empty.
	Detail, Hint string
}

// Error returns the code, AWS's message and the detail.
func (e *Error) Error() string {
	if e.Detail == "" {
		return e.Code + ": " + e.Message
	}
	return e.Code + ": " + e.Message + " (" + e.Detail + ")"
}

func missing() error {
	return &Error{
		Code: MissingAuthenticationToken, Message: "Missing Authentication Token",
		Detail: "the request has no AWS4-HMAC-SHA256 signature in its Authorization header",
		Hint:   "sign the request, for example with curl --aws-sigv4",
	}
}

func presigned() error {
	return &Error{
		Code: MissingAuthenticationToken, Message: "Missing Authentication Token",
		Detail: "the request is signed in its query, and presigned URLs aren't supported locally",
		Hint:   "sign the Authorization header, for example with curl --aws-sigv4, or test it on AWS",
	}
}

// incomplete rejects a malformed Authorization header or date.
// Inferred: the wording of each.
func incomplete(format string, args ...any) error {
	return &Error{
		Code: IncompleteSignature, Message: fmt.Sprintf(format, args...),
		Hint: "send Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=… and X-Amz-Date",
	}
}

func invalid(format string, args ...any) error {
	return &Error{
		Code: InvalidSignature, Message: fmt.Sprintf(format, args...),
		Hint: "sign for the service, region and day that the request is sent to",
	}
}

func unrecognized(detail, hint string) error {
	return &Error{Code: UnrecognizedClient, Message: messageInvalidToken, Detail: detail, Hint: hint}
}

func mismatch(detail, hint string) *Error {
	return &Error{Code: InvalidSignature, Message: messageMismatch, Detail: detail, Hint: hint}
}
