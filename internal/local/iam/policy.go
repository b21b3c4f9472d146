package iam

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Policy is a list of statements.
type Policy struct {
	statements []*statement
}

// New returns a policy. Messages call it by its name, such as "the policy of site".
func New(name string, statements ...Statement) *Policy {
	p := new(Policy)
	for i, s := range statements {
		made := &statement{place: fmt.Sprintf("Statement[%d]", i), deny: s.Effect == "Deny", about: s.about, terms: sync.OnceValues(s.terms)}
		switch {
		case s.Sid != "":
			made.name = "statement " + s.Sid + " of " + name
		case len(statements) == 1:
			made.name = name
		default:
			made.name = made.place + " of " + name
		}
		p.statements = append(p.statements, made)
	}
	return p
}

// Check returns the error of the first statement about one of the actions that
// can't be evaluated. It is a *fault.Error with the path of the element.
func (p *Policy) Check(actions ...string) error {
	for _, s := range p.statements {
		for _, action := range actions {
			if !s.about(action) {
				continue
			}
			if _, err := s.terms(); err != nil {
				return fault.In(s.place, err)
			}
		}
	}
	return nil
}

// Decide returns nil if the policies permit the request, or else why not. A
// statement that denies wins, then one that permits. The cause names the statement
// that denies, or else says what is missing, what doesn't match, and what can't be
// evaluated; grants are what would permit it, such as "policy of site". Only a
// statement that denies has a hint; otherwise a Grant is in the denial's chain.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Decide(r Request, grants string, policies ...*Policy) *fault.Error {
	permitted := r.Trusted
	var near []string
	for _, p := range policies {
		for _, s := range p.statements {
			if !s.about(r.Action) {
				continue
			}
			switch why := s.mismatch(r); {
			case why == "" && s.deny:
				return fault.New("change the statement, or send what its conditions require", "%s denies %s", s.name, r.Paths.In(r.String()))
			case why == "":
				permitted = true
			case !s.deny:
				near = append(near, s.name+": "+why)
			}
		}
	}
	if permitted {
		return nil
	}
	cause := "no " + grants + " allows " + r.String()
	if len(near) > 0 {
		cause += " (" + strings.Join(near, "; ") + ")"
	}
	return &fault.Error{Problem: r.Paths.In(cause), Err: NewGrant(r)}
}

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
