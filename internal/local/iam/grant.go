package iam

import (
	"cmp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Grant is a statement that would permit a request. It is an error that is in the
// chain of a denial, so that who shows the denial can show the statement too.
type Grant struct {
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitempty"`
}

// NewGrant returns the statement that would permit a request, by the names of Paths.
func NewGrant(r Request) *Grant {
	g := &Grant{Effect: "Allow", Principal: "*", Action: r.Action, Resource: r.Paths.ARNOf(r.Resource), Condition: map[string]map[string]string{}}
	if source := r.Keys[keySourceARN]; source != "" {
		g.With("ArnLike", "AWS:SourceArn", r.Paths.ARNOf(source))
	}
	switch {
	case r.Keys["aws:principalservicename"] != "":
		g.Principal = map[string]string{"Service": r.Names[0]}
	case !r.Anonymous():
		g.Principal = map[string]string{"AWS": r.Names[0]}
	}
	return g
}

// With sets the condition of an operator.
func (g *Grant) With(operator, key, value string) *Grant {
	g.Condition[operator] = map[string]string{key: value}
	return g
}

// Permission says how an AWS::Lambda::Permission makes the statement.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
func (g *Grant) Permission() string {
	who, _ := g.Principal.(map[string]string)
	text := "add an AWS::Lambda::Permission with Principal: " + cmp.Or(who["Service"], who["AWS"], "*") + ", Action: " + g.Action
	for _, property := range []struct{ operator, key, name string }{
		{"StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType"},
		{"Bool", "lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl"},
		{"ArnLike", "AWS:SourceArn", "SourceArn"},
	} {
		if value := g.Condition[property.operator][property.key]; value != "" {
			text += ", " + property.name + ": " + value
		}
	}
	return text
}

// Error says which action nothing permits.
func (g *Grant) Error() string {
	return "nothing permits " + strings.TrimSpace(g.Action+" "+g.Resource)
}

// GrantOf returns the statement whose absence a denial is about, nil if it is about
// another one that denies.
func GrantOf(denial *fault.Error) *Grant {
	if denial == nil {
		return nil
	}
	missing, _ := denial.Err.(*Grant)
	return missing
}
