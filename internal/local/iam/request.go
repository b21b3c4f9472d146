package iam

import (
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// Condition keys, in lower case: they are case-insensitive.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html#awslambda-policy-keys
const (
	KeyPrincipalARN          = "aws:principalarn"
	KeyFunctionURLAuthType   = "lambda:functionurlauthtype"
	KeyInvokedViaFunctionURL = "lambda:invokedviafunctionurl"

	keySourceARN = "aws:sourcearn"
	keySourceIP  = "aws:sourceip"
)

// supportedKeys are the condition keys that a request has, or that it would have if
// its caller were of another kind.
var supportedKeys = []string{
	"aws:principalaccount", KeyPrincipalARN, "aws:principalisawsservice", "aws:principalservicename", "aws:referer",
	"aws:securetransport", "aws:sourceaccount", keySourceARN, keySourceIP, "aws:useragent", KeyFunctionURLAuthType, KeyInvokedViaFunctionURL, "s3:tlsversion",
}

// headerOf are the headers whose values are condition keys.
var headerOf = map[string]string{"aws:referer": "Referer", "aws:useragent": "User-Agent"}

// A Request is what somebody wants to do.
type Request struct {
	// Names are what a Principal may call the caller; the first is for messages.
	// Default: none, an anonymous caller
	Names []string

	// Action is one action, such as s3:GetObject. Required.
	Action string

	// Resource is the ARN of what it is done to.
	// Default: not known yet, as before the first request. Then every Resource
	// matches, conditions on headers hold, and no statement denies.
	Resource string

	// Keys are the values of condition keys.
	Keys map[string]string

	// Paths names resources in messages. Default: none, by their ARNs
	Paths Paths

	// Trusted callers are permitted what no statement denies.
	Trusted bool
}

// NewRequest returns a request of a caller, who is anonymous if it has neither a
// service nor an ARN. It is req or, if that is nil, not known yet. CloudFront signs
// over HTTPS.
//
// Inferred: s3:TlsVersion, which is that of CloudFront's connection to S3.
func NewRequest(caller sigv4.Identity, req *http.Request) Request {
	r := Request{Keys: map[string]string{"aws:principalisawsservice": fmt.Sprint(caller.Service != "")}}
	set := func(key, value string) {
		if value != "" {
			r.Keys[key] = value
		}
	}
	plain := req != nil && req.URL.Scheme == "http"
	set("aws:securetransport", fmt.Sprint(!plain))
	if !plain {
		set("s3:tlsversion", "1.3")
	}
	if req != nil {
		for key, header := range headerOf {
			set(key, req.Header.Get(header))
		}
		ip, _, err := net.SplitHostPort(req.RemoteAddr)
		if err != nil {
			ip = "127.0.0.1" // CloudFront, in this process
		}
		set(keySourceIP, ip)
	}
	if caller.Service != "" {
		r.Names = []string{caller.Service}
		set("aws:principalservicename", caller.Service)
		set(keySourceARN, caller.SourceARN)
		set("aws:sourceaccount", caller.SourceAccount)
		return r
	}
	r.Names = slices.DeleteFunc([]string{caller.ARN, caller.Account, caller.UserID}, func(name string) bool { return name == "" })
	set(KeyPrincipalARN, caller.ARN)
	set("aws:principalaccount", caller.Account)
	return r
}

// Anonymous reports whether the caller is unknown.
func (r Request) Anonymous() bool { return len(r.Names) == 0 }

// String says what is done, to what and by whom.
func (r Request) String() string {
	text, who := r.Action, "an unsigned request"
	if r.Resource != "" {
		text += " on " + r.Resource
	}
	if !r.Anonymous() {
		who = r.Names[0]
	}
	text += " for " + who
	if source := r.Keys[keySourceARN]; source != "" {
		text += " acting for " + source
	}
	return text
}
