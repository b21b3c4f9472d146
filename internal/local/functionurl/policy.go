package functionurl

import (
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// The two permissions that the caller of a function URL needs since October 2025.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
const (
	actionInvokeURL      = "lambda:InvokeFunctionUrl"
	actionInvokeFunction = "lambda:InvokeFunction"
)

// A Statement is one AWS::Lambda::Permission of the function.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
type Statement struct {
	// Principal is a service, an account's id, an ARN of IAM, or "*". Required.
	Principal string

	// Action is one action of Lambda, "lambda:*" or "*". Required.
	Action string

	// SourceARN is the resource that a service must act for; * and ? match as in
	// ArnLike. Default: any.
	SourceARN string

	// SourceAccount is the account of that resource. Default: any.
	SourceAccount string

	// FunctionURLAuthType is the AuthType that the URL must have. Default: any.
	FunctionURLAuthType string

	// InvokedViaFunctionURL, if true, allows calls through the URL only; if
	// false, never through it. Default: nil, any.
	InvokedViaFunctionURL *bool
}

// permits returns nil if the URL's policy and the caller's own let the caller
// in, and otherwise says what is missing.
func (u *URL) permits(caller sigv4.Identity) *missingPermission {
	if u.config.AuthType == AuthTypeIAM && caller.Service == "" && caller.Account == u.config.Account {
		return nil // a principal of the function's account, by its identity policy
	}
	for _, action := range [...]string{actionInvokeURL, actionInvokeFunction} {
		var near []string
		allowed := false
		for _, s := range u.config.Statements {
			why := s.refuses(caller, action, u.config.AuthType)
			if why == "" {
				allowed = true
				break
			}
			if s.allowsAction(action) {
				near = append(near, why)
			}
		}
		if !allowed {
			return &missingPermission{action: action, caller: caller, near: near}
		}
	}
	return nil
}

// refuses returns why the statement does not let the caller do the action
// through a URL of the auth type; empty if it does.
func (s Statement) refuses(caller sigv4.Identity, action, authType string) string {
	switch {
	case !s.allowsAction(action):
		return "Action is " + s.Action
	case !s.names(caller):
		return "Principal is " + s.Principal
	case s.FunctionURLAuthType != "" && s.FunctionURLAuthType != authType:
		return "FunctionUrlAuthType is " + s.FunctionURLAuthType + ", and the URL's is " + authType
	case s.InvokedViaFunctionURL != nil && !*s.InvokedViaFunctionURL:
		return "InvokedViaFunctionUrl is false"
	case s.SourceARN != "" && !wildcard.MatchARN(s.SourceARN, caller.SourceARN):
		return "SourceArn is " + s.SourceARN
	case s.SourceAccount != "" && s.SourceAccount != caller.SourceAccount:
		return "SourceAccount is " + s.SourceAccount
	}
	return ""
}

func (s Statement) allowsAction(action string) bool {
	return s.Action == "*" || strings.EqualFold(s.Action, action) || strings.EqualFold(s.Action, "lambda:*")
}

// names reports whether the statement's principal is, or contains, the caller.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (s Statement) names(caller sigv4.Identity) bool {
	switch {
	case s.Principal == "*":
		return true
	case caller.Service != "":
		return s.Principal == caller.Service
	case caller.Account == "":
		return false
	}
	return s.Principal == caller.Account || s.Principal == caller.ARN ||
		(strings.HasPrefix(s.Principal, "arn:") && strings.HasSuffix(s.Principal, ":iam::"+caller.Account+":root"))
}

// A missingPermission says which statement would have let a caller in.
type missingPermission struct {
	action string
	caller sigv4.Identity
	near   []string // why the statements with the action do not
}

func (m *missingPermission) principal() string {
	switch {
	case m.caller.Service != "":
		return m.caller.Service
	case m.caller.ARN != "":
		return m.caller.ARN
	}
	return "*"
}

func (m *missingPermission) cause(functionARN string) string {
	cause := fmt.Sprintf("no permission of %s lets %s do %s", functionARN, m.principal(), m.action)
	if m.caller.SourceARN != "" {
		cause += " for " + m.caller.SourceARN
	}
	if len(m.near) > 0 {
		cause += " (of those with that action: " + strings.Join(m.near, "; ") + ")"
	}
	return cause
}

func (m *missingPermission) cure(authType string) string {
	condition := "FunctionUrlAuthType: " + authType
	if m.action == actionInvokeFunction {
		condition = "InvokedViaFunctionUrl: true"
	}
	cure := fmt.Sprintf("add an AWS::Lambda::Permission with Principal: %s, Action: %s, %s", m.principal(), m.action, condition)
	if m.caller.SourceARN != "" {
		cure += ", SourceArn: " + m.caller.SourceARN
	}
	return cure
}
