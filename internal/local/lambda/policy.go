package lambda

import (
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// Actions that a resource policy grants.
//
// See: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
const (
	ActionInvokeFunction    = "lambda:InvokeFunction"
	ActionInvokeFunctionURL = "lambda:InvokeFunctionUrl"
)

// A Policy is the resource policy of a function.
type Policy []Statement

// A Statement is one AWS::Lambda::Permission.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
type Statement struct {
	// Principal is a service, an account id, an IAM ARN, or "*". Required.
	Principal string

	// Action is a Lambda action, "lambda:*" or "*". Required.
	Action string

	// SourceARN is the resource that a service must act for; * and ? match as in
	// ArnLike. Default: any.
	SourceARN string

	// SourceAccount is the account of that resource. Default: any.
	SourceAccount string

	// FunctionURLAuthType is the AuthType that the function URL must have. Default: any.
	FunctionURLAuthType string

	// InvokedViaFunctionURL, if true, allows only calls through a function URL; if
	// false, only other calls. Default: nil, any.
	InvokedViaFunctionURL *bool
}

// A Call is what a caller wants to do with a function.
type Call struct {
	// Function is the ARN of the function.
	Function string

	// Caller is who calls. The zero value is an anonymous caller.
	Caller sigv4.Identity

	// Action is ActionInvokeFunction or ActionInvokeFunctionURL.
	Action string

	// FunctionURLAuthType is the AuthType of the function URL that the call comes
	// through. Default: empty, through none.
	FunctionURLAuthType string
}

// A Denial says why a policy doesn't permit a call.
type Denial struct {
	// Cause is what is missing, Cure the statement to add.
	Cause, Cure string
}

// Denial returns nil if a statement of the policy permits the call.
func (p Policy) Denial(c Call) *Denial {
	var mismatches []string
	for _, s := range p {
		why := s.mismatch(c)
		if why == "" {
			return nil
		}
		if s.allowsAction(c.Action) {
			mismatches = append(mismatches, why)
		}
	}
	d := &Denial{
		Cause: fmt.Sprintf("no AWS::Lambda::Permission of %s allows %s for %s", c.Function, c.Action, c.principal()),
		Cure:  fmt.Sprintf("add an AWS::Lambda::Permission with Principal: %s, Action: %s", c.principal(), c.Action),
	}
	switch {
	case c.Action == ActionInvokeFunctionURL:
		d.Cure += ", FunctionUrlAuthType: " + c.FunctionURLAuthType
	case c.FunctionURLAuthType != "":
		d.Cure += ", InvokedViaFunctionUrl: true"
	}
	if c.Caller.SourceARN != "" {
		d.Cause += " acting for " + c.Caller.SourceARN
		d.Cure += ", SourceArn: " + c.Caller.SourceARN
	}
	if len(mismatches) > 0 {
		d.Cause += " (those with that action don't match: " + strings.Join(mismatches, "; ") + ")"
	}
	return d
}

// mismatch returns why the statement doesn't permit the call; empty if it does.
func (s Statement) mismatch(c Call) string {
	viaURL := c.FunctionURLAuthType != ""
	switch {
	case !s.allowsAction(c.Action):
		return "Action is " + s.Action
	case !s.matchesPrincipal(c.Caller):
		return "Principal is " + s.Principal
	case s.FunctionURLAuthType != "" && s.FunctionURLAuthType != c.FunctionURLAuthType:
		return "FunctionUrlAuthType is " + s.FunctionURLAuthType + ", and the URL's is " + c.FunctionURLAuthType
	case s.InvokedViaFunctionURL != nil && *s.InvokedViaFunctionURL != viaURL:
		return fmt.Sprintf("InvokedViaFunctionUrl is %v", *s.InvokedViaFunctionURL)
	case s.SourceARN != "" && !wildcard.MatchARN(s.SourceARN, c.Caller.SourceARN):
		return "SourceArn is " + s.SourceARN
	case s.SourceAccount != "" && s.SourceAccount != c.Caller.SourceAccount:
		return "SourceAccount is " + s.SourceAccount
	}
	return ""
}

func (s Statement) allowsAction(action string) bool {
	return s.Action == "*" || strings.EqualFold(s.Action, action) || strings.EqualFold(s.Action, "lambda:*")
}

// matchesPrincipal reports whether the statement's principal is, or contains,
// the caller.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (s Statement) matchesPrincipal(caller sigv4.Identity) bool {
	switch {
	case s.Principal == "*":
		return true
	case caller.Service != "":
		return s.Principal == caller.Service
	case caller.Account == "":
		return false
	}
	return s.Principal == caller.ARN || s.namesAccount(caller.Account)
}

// namesAccount reports whether the statement's principal is a whole account.
func (s Statement) namesAccount(account string) bool {
	return s.Principal == account || strings.HasPrefix(s.Principal, "arn:") && strings.HasSuffix(s.Principal, ":iam::"+account+":root")
}

func (c Call) principal() string {
	switch {
	case c.Caller.Service != "":
		return c.Caller.Service
	case c.Caller.ARN != "":
		return c.Caller.ARN
	}
	return "*"
}
