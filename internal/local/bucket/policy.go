package bucket

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// A Policy is a bucket policy.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Policy struct {
	statements []statement
}

type statement struct {
	name       string // "statement SID", or its place in the policy
	deny       bool
	principals []principal
	actions    []string
	resources  []string
	conditions []condition
}

// A principal of a statement has the kind *, AWS, CanonicalUser, Service or
// Federated.
type principal struct{ kind, name string }

// statementDocument is a statement in JSON.
type statementDocument struct {
	Sid          string
	Effect       string
	Principal    any
	NotPrincipal any
	Action       any
	NotAction    any
	Resource     any
	NotResource  any
	Condition    map[string]map[string]any
}

// supportedActions are the actions of requests from CloudFront.
var supportedActions = []string{actionGet, actionPut, actionDelete, actionList}

// ParsePolicy reads the resolved document of a bucket policy: the property
// PolicyDocument of AWS::S3::BucketPolicy. It skips statements about actions that
// no request of CloudFront needs. An error is a *fault.Error with the path of the
// element.
func ParsePolicy(document any) (*Policy, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	var outer struct{ Statement json.RawMessage }
	if json.Unmarshal(raw, &outer) != nil || outer.Statement == nil {
		return nil, fault.New("write an object with a Statement", "isn't a policy document")
	}
	var documents []statementDocument
	if json.Unmarshal(outer.Statement, &documents) != nil {
		documents = make([]statementDocument, 1)
		if json.Unmarshal(outer.Statement, &documents[0]) != nil {
			return nil, fault.In("Statement", fault.New("write a list of statements with Effect, Principal, Action and Resource", "isn't a statement"))
		}
	}
	p := new(Policy)
	for i, d := range documents {
		name := fmt.Sprintf("Statement[%d]", i)
		s, err := d.parse()
		if err != nil {
			return nil, fault.In(name, err)
		}
		if s == nil {
			continue
		}
		if s.name = name; d.Sid != "" {
			s.name = "statement " + d.Sid
		}
		p.statements = append(p.statements, *s)
	}
	return p, nil
}

// parse returns nil for a statement about other actions.
func (d statementDocument) parse() (*statement, error) {
	if d.NotAction != nil {
		return nil, unsupported("NotAction", "Action")
	}
	s := &statement{deny: d.Effect == "Deny"}
	if d.Effect != "Allow" && d.Effect != "Deny" {
		return nil, fault.In("Effect", fault.New("write Allow or Deny", "%q isn't an effect", d.Effect))
	}
	var err error
	if s.actions, err = texts(d.Action); err != nil {
		return nil, fault.In("Action", err)
	}
	if !slices.ContainsFunc(supportedActions, s.hasAction) {
		return nil, nil
	}
	switch {
	case d.NotPrincipal != nil:
		return nil, unsupported("NotPrincipal", "Principal")
	case d.NotResource != nil:
		return nil, unsupported("NotResource", "Resource")
	}
	if s.resources, err = texts(d.Resource); err != nil {
		return nil, fault.In("Resource", err)
	}
	if s.principals, err = parsePrincipals(d.Principal); err != nil {
		return nil, fault.In("Principal", err)
	}
	s.conditions, err = parseConditions(d.Condition)
	return s, err
}

func unsupported(element, instead string) error {
	return fault.In(element, fault.New("write "+instead+", or test it on AWS", "isn't supported locally"))
}

func parsePrincipals(value any) ([]principal, error) {
	if value == "*" {
		return []principal{{kind: "*"}}, nil
	}
	kinds, ok := value.(map[string]any)
	if !ok || len(kinds) == 0 {
		return nil, fault.New(`write "*", or an object with AWS, CanonicalUser or Service`, "%v isn't a principal", value)
	}
	var principals []principal
	for kind, names := range kinds {
		if !slices.Contains([]string{"AWS", "CanonicalUser", "Service", "Federated"}, kind) {
			return nil, fault.In(kind, fault.New("write AWS, CanonicalUser, Service or Federated", "unknown type of principal"))
		}
		list, err := texts(names)
		if err != nil {
			return nil, fault.In(kind, err)
		}
		for _, name := range list {
			if kind == "AWS" && name == "*" {
				principals = append(principals, principal{kind: "*"})
				continue
			}
			principals = append(principals, principal{kind, name})
		}
	}
	return principals, nil
}

// texts returns a string or a list of strings as a list.
func texts(value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var result []string
	for _, item := range list {
		var text string
		switch item := item.(type) {
		case string:
			text = item
		case bool, float64:
			text = fmt.Sprint(item)
		default:
			return nil, fault.New("write a string or a list of strings", "%v isn't a string", item)
		}
		if strings.Contains(text, "${") {
			return nil, fault.New("write the value itself, or test it on AWS", "policy variables aren't supported locally: %s", text)
		}
		result = append(result, text)
	}
	return result, nil
}

func (s *statement) hasAction(action string) bool {
	return slices.ContainsFunc(s.actions, func(pattern string) bool {
		return wildcard.Match(strings.ToLower(pattern), strings.ToLower(action))
	})
}

// matchPrincipal reports whether the statement names the caller.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
func (s *statement) matchPrincipal(who caller) bool {
	return slices.ContainsFunc(s.principals, func(p principal) bool {
		switch {
		case p.kind == "*":
			return true
		case who.oai != nil:
			return p.kind == "CanonicalUser" && p.name == who.oai.CanonicalUserID && p.name != "" ||
				p.kind == "AWS" && p.name == who.oai.arn()
		case who.identity == nil:
			return false
		case who.identity.Service != "":
			return p.kind == "Service" && p.name == who.identity.Service
		}
		account := who.identity.Account
		return p.kind == "AWS" && (p.name == account || p.name == who.identity.ARN ||
			strings.HasPrefix(p.name, "arn:") && strings.HasSuffix(p.name, ":iam::"+account+":root"))
	})
}
