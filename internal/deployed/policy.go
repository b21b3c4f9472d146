package deployed

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// A statement is one of a function's resource policy, as AddPermission writes it.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
// and https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
type statement struct {
	Sid, Effect string
	Action      string
	Principal   any
	Condition   map[string]map[string]any
}

// conditionProperties are the properties of AWS::Lambda::Permission that become conditions,
// by the condition's key in lower case.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
// Seen: lambda:InvokedViaFunctionUrl in hashicorp/terraform-provider-aws#44858.
var conditionProperties = map[string]string{
	"aws:sourcearn": "SourceArn", "aws:sourceaccount": "SourceAccount", "aws:principalorgid": "PrincipalOrgID",
	"lambda:functionurlauthtype": "FunctionUrlAuthType", "lambda:invokedviafunctionurl": "InvokedViaFunctionUrl", "lambda:eventsourcetoken": "EventSourceToken",
}

// readPolicy puts the statements of a function's policy, or of an alias's, into the
// template, as permissions. A policy that can't be read counts as one that lets all in.
func (r *reader) readPolicy(function *resource, qualifier string) {
	arn := fmt.Sprintf("arn:%s:lambda:%s:%s:function:%s", r.partition, function.stack.Region, function.stack.Account, function.physical)
	input := &lambda.GetPolicyInput{FunctionName: &function.physical}
	if qualifier != "" {
		arn += ":" + qualifier
		input.Qualifier = &qualifier
	}
	if r.known[arn] || !function.exists() {
		return
	}
	r.known[arn] = true
	var policy struct{ Statement []statement }
	output, err := r.lambda(function.stack.Region).GetPolicy(r.ctx, input)
	if err == nil {
		err = json.Unmarshal([]byte(*output.Policy), &policy)
	}
	if !gone(err) && r.unread(err, function.path(), "lambda:GetPolicy", arn) {
		policy.Statement = []statement{{Sid: "unread", Effect: "Allow", Action: "lambda:*", Principal: "*"}}
	}
	for _, s := range policy.Statement {
		properties := s.permission()
		if properties == nil {
			r.found(build.Finding{Rule: "unchecked", Path: function.path(), Happens: "statement " + s.Sid + " of its policy isn't checked and doesn't count",
				Cause: "AddPermission doesn't write such statements", Hint: "check it by hand"})
			continue
		}
		properties["FunctionName"] = arn
		r.permission(s.Sid, function).set(properties)
	}
}

// permission returns the permission of a template that wrote a statement, or a new one.
func (r *reader) permission(sid string, function *resource) *resource {
	for _, known := range r.resources {
		if known.kind == typePermission && !known.exists() && path.Base(strings.ReplaceAll(known.physical, "|", "/")) == sid {
			return known
		}
	}
	return &resource{stack: function.stack, id: "statement " + sid + " of " + function.physical, kind: typePermission}
}

// permission returns the properties of the permission that a statement came from, nil if
// it came from none.
func (s statement) permission() map[string]any {
	principal := s.Principal
	if object, ok := principal.(map[string]any); ok && len(object) == 1 {
		for _, principal = range object {
		}
	}
	properties := map[string]any{"Action": s.Action, "Principal": principal}
	if _, ok := principal.(string); !ok || s.Effect != "Allow" {
		return nil
	}
	for _, operands := range s.Condition {
		for key, value := range operands {
			name, ok := conditionProperties[strings.ToLower(key)]
			if !ok {
				return nil
			}
			properties[name] = value
		}
	}
	return properties
}
