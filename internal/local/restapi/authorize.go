package restapi

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// Action is what callers need.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
const Action = "execute-api:Invoke"

const (
	service   = "execute-api"
	keyHeader = "X-Api-Key"
)

// authorize responds to a request without a valid signature, permission or API key.
// Inferred: the key comes last.
func (c *call) authorize(body *spool.Body) *http.Response {
	if c.route.IAM {
		caller, err := c.config.Verifier.Verify(c.req, sigv4.HashOf(body), service, c.config.Region)
		if err != nil {
			return c.rejectSignature(err)
		}
		c.caller = caller
	}
	if denial, why := c.denial(); denial != nil {
		return c.accessDenied(denial, why)
	}
	if !c.route.KeyRequired {
		return nil
	}
	var known bool
	c.key = c.req.Header.Get(keyHeader)
	if c.keyID, known = c.stage.Keys[c.key]; !known {
		cause := "the x-api-key isn't an enabled API key"
		if c.key == "" {
			cause = "the method requires an API key, and the request has no x-api-key"
		}
		return c.reject(forbidden, cause, "send the value of a key; on AWS, a usage plan has to let it into the stage")
	}
	return nil
}

// denial returns why the caller may not call, and what AWS tells of that. Without IAM,
// a resource policy has to allow it, if there is one. With IAM, it or a policy of the
// caller has to, and both if the caller is of another account.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (c *call) denial() (denial *fault.Error, why string) {
	r := iam.NewRequest(c.caller, c.req)
	r.Action, r.Resource, r.Paths = Action, c.arn(c.stageName, c.method, c.path), c.config.Paths
	var policies []*iam.Policy
	if c.config.Policy != nil {
		policies = append(policies, c.config.Policy)
	}
	r.Trusted = policies == nil && !c.route.IAM || c.route.IAM && c.caller.Account == c.config.Account
	if denial = iam.Decide(r, "statement of the API's resource policy", policies...); denial != nil {
		if why = " because no resource-based policy allows the " + Action + " action"; denial.Hint != "" {
			why = " with an explicit deny"
		}
		denial.Hint = cmp.Or(denial.Hint, "allow "+Action+" in the Policy of the API")
	} else if c.route.IAM {
		r.Trusted = false
		denial, why = c.config.Access(c.caller, r), " because no identity-based policy allows the "+Action+" action"
	}
	return denial, why
}

// accessDenied responds to a caller who may not call. Its key is Message, with a
// capital, unlike that of other errors.
//
// Seen: {"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-2:********2087:uiv82new6b/dev/GET/a with an explicit deny"}
func (c *call) accessDenied(denial *fault.Error, why string) *http.Response {
	masked := c.arn(c.stageName, c.method, c.path)
	if account := c.config.Account; len(account) > 4 {
		masked = strings.Replace(masked, account, strings.Repeat("*", len(account)-4)+account[len(account)-4:], 1)
	}
	message := "User: " + cmp.Or(c.caller.ARN, "anonymous") + " is not authorized to perform: " + Action + " on resource: " + masked + why
	c.trace.Missing(denial.Err)
	return c.rejectWith(rejection{http.StatusForbidden, "AccessDeniedException", ""}, "application/json", payload.Object("Message", message), denial.Problem, denial.Hint)
}

func (c *call) rejectSignature(err error) *http.Response {
	bad := new(sigv4.Error)
	if !errors.As(err, &bad) || bad.Code == sigv4.MissingAuthenticationToken {
		return c.unsigned(cmp.Or(bad.Detail, err.Error()), cmp.Or(bad.Hint, "report this request"))
	}
	return c.reject(rejection{http.StatusForbidden, bad.Code, bad.Message + bad.Expected}, cmp.Or(bad.Detail, bad.Message), bad.Hint)
}

// unsigned responds to a request that needs a signature, or that no route matches:
// AWS then takes any Authorization for a signature.
//
// Seen: amazon-cognito-angular-quickstart#50
func (c *call) unsigned(cause, hint string) *http.Response {
	value := c.req.Header.Get("Authorization")
	if value == "" || strings.Contains(value, "=") {
		return c.reject(missingToken, cause, hint)
	}
	token := value[strings.LastIndex(value, " ")+1:]
	return c.reject(rejection{http.StatusForbidden, sigv4.IncompleteSignature,
		"'" + token + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + value + "'."}, cause, hint)
}

// arn returns the ARN of a method and a path that begins with a slash.
func (a *API) arn(stage, method, path string) string {
	return a.config.ARN() + "/" + stage + "/" + method + path
}

// permission returns why API Gateway may not invoke the function of a route.
// Inferred: the source ARN has the resource's path, not the request's.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (a *API) permission(stage string, r *Route, method string) *fault.Error {
	if r.Function.Trusted {
		return nil
	}
	source := a.arn(stage, method, r.Path)
	request := iam.NewRequest(sigv4.Identity{Service: "apigateway.amazonaws.com", SourceARN: source, SourceAccount: a.config.Account}, nil)
	request.Action, request.Resource, request.Paths = "lambda:InvokeFunction", r.Function.ARN, a.config.Paths
	denial := iam.Decide(request, "AWS::Lambda::Permission", r.Function.Policies...)
	if missing := iam.GrantOf(denial); missing != nil {
		denial.Hint = missing.Permission()
	}
	return denial
}

// Unpermitted returns why API Gateway may not invoke functions of routes, one reason
// for each function.
func (a *API) Unpermitted() (denials []*fault.Error) {
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(a.config.Stages)) {
		for _, r := range a.config.Stages[name].Routes {
			if denial := a.permission(name, &r, r.Method); r.Function.Invoke != nil && denial != nil && !seen[r.Function.ARN] {
				seen[r.Function.ARN], denials = true, append(denials, denial)
			}
		}
	}
	return denials
}

// Denial returns why a caller that no method knows yet, such as a distribution, may
// not call: no statement of the resource policy lets it in, or all methods require a
// signature, which CloudFront can't make for API Gateway.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-origin.html
func (a *API) Denial(caller sigv4.Identity) *fault.Error {
	open := false
	for _, stage := range a.config.Stages {
		open = open || slices.ContainsFunc(stage.Routes, func(r Route) bool { return !r.IAM })
	}
	if !open && len(a.config.Stages) > 0 {
		return fault.New("let the viewer sign for "+a.config.Domain+", or set AuthorizationType to NONE and keep others out by an API key or the Policy",
			"the methods' AuthorizationType is AWS_IAM, and origin access control doesn't sign for API Gateway")
	}
	if a.config.Policy == nil {
		return nil
	}
	r := iam.NewRequest(caller, nil)
	r.Action, r.Paths = Action, a.config.Paths
	return iam.Decide(r, "statement of the API's resource policy", a.config.Policy)
}
