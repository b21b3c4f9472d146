package functionurl

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// receive reads a request and returns its event, or the response to one that the
// function doesn't get.
func (u *URL) receive(req *http.Request, ids lambda.InvokeOptions, now time.Time) (*spool.Document, *http.Response, error) {
	body, err := payload.ReadBody(req, u.limits.event)
	if err != nil {
		rejected, err := u.unread(req, err)
		return nil, rejected, err
	}
	defer body.Close() // the event keeps it
	caller, rejected := u.authorize(req, body)
	if rejected != nil {
		return nil, rejected, nil
	}
	event, err := u.newEvent(req, body, caller, ids, now)
	if err != nil {
		return nil, u.reject(req, badRequest(err.Error()), "can't make an event of the request: "+err.Error(), "report this request"), nil
	}
	if event.Size() > int64(u.limits.event) {
		event.Close()
		return nil, u.reject(req, tooLarge(), fmt.Sprintf("the event of the request, with the body in base64 unless it is text, has %d bytes and exceeds Lambda's limit of %d", event.Size(), u.limits.event),
			"send less than 4.5 MB of binary data, or upload to S3 and send the key"), nil
	}
	return event, nil, nil
}

// unread returns the response to a request whose body wasn't read, or the error of
// its context.
func (u *URL) unread(req *http.Request, err error) (*http.Response, error) {
	full := new(fault.Error)
	switch {
	case req.Context().Err() != nil:
		return nil, req.Context().Err()
	case errors.Is(err, payload.ErrTooLarge):
		return u.reject(req, tooLarge(), fmt.Sprintf("the request's body exceeds Lambda's limit of %d bytes", u.limits.event), "send less, or upload to S3 and send the key"), nil
	case errors.As(err, &full):
		return u.reject(req, badGateway(), full.Error(), full.Hint), nil
	}
	return u.reject(req, badRequest("Could not read the request body"), "can't read the request's body: "+err.Error(), "send the whole body"), nil
}
