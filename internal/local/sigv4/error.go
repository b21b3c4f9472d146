package sigv4

import (
	"fmt"
	"time"
)

// Codes of the errors that a signature check ends with. They are the values of
// the x-amzn-errortype header.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
const (
	// MissingAuthenticationToken says that the request is not signed at all.
	MissingAuthenticationToken = "MissingAuthenticationTokenException"

	// IncompleteSignature says that the Authorization header is not of the form
	// that Signature Version 4 gives it.
	IncompleteSignature = "IncompleteSignatureException"

	// InvalidSignature says that the signature is not the one that the request
	// and the secret key give, or that its scope or its time does not fit.
	InvalidSignature = "InvalidSignatureException"

	// UnrecognizedClient says that nobody holds the access key, or that the
	// session token is not its own.
	UnrecognizedClient = "UnrecognizedClientException"
)

// AWS's words for the two refusals that have no variable part.
//
// Seen: the first in every published capture of a refused function URL
// request, the second in answers of AWS's JSON services.
const (
	messageMismatch = "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	messageInvalidToken = "The security token included in the request is invalid."
)

// An Error is a request that did not pass the check of its signature.
type Error struct {
	// Code is one of this package's codes.
	Code string

	// Message is what AWS tells the caller.
	Message string

	// Detail is what AWS does not tell: the cause in one sentence, and Cure what
	// to do about it. They are for the log, never for the caller. Default:
	// empty, when Message says it all.
	Detail, Cure string
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
		Detail: "the request carries no AWS4-HMAC-SHA256 signature in its Authorization header",
		Cure:   "sign the request, for example with curl --aws-sigv4",
	}
}

// incomplete refuses a malformed Authorization header or date.
// Inferred: the wording of each, which no page of AWS documents.
func incomplete(format string, args ...any) error {
	return &Error{
		Code: IncompleteSignature, Message: fmt.Sprintf(format, args...),
		Cure: "send Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=… and X-Amz-Date",
	}
}

func invalid(format string, args ...any) error {
	return &Error{
		Code: InvalidSignature, Message: fmt.Sprintf(format, args...),
		Cure: "sign for the service, region and day that the request is sent to",
	}
}

func unrecognized(detail, cure string) error {
	return &Error{Code: UnrecognizedClient, Message: messageInvalidToken, Detail: detail, Cure: cure}
}

func mismatch(detail, cure string) error {
	return &Error{Code: InvalidSignature, Message: messageMismatch, Detail: detail, Cure: cure}
}

// checkClock compares a signature's time with the verifier's clock.
//
// Seen: the wording with the two bounds, in answers of AWS's JSON services.
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func checkClock(signed, now time.Time) error {
	signed, now = signed.UTC(), now.UTC()
	if oldest := now.Add(-MaxClockSkew); signed.Before(oldest) {
		return invalid("Signature expired: %s is now earlier than %s (%s - 5 min.)",
			signed.Format(timeFormat), oldest.Format(timeFormat), now.Format(timeFormat))
	}
	if newest := now.Add(MaxClockSkew); signed.After(newest) {
		return invalid("Signature not yet current: %s is still later than %s (%s + 5 min.)",
			signed.Format(timeFormat), newest.Format(timeFormat), now.Format(timeFormat))
	}
	return nil
}
