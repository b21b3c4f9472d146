package bucket

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// A Policy is a bucket policy.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Policy struct {
	statements []statement
}

type statement struct {
	sid        string
	deny       bool
	principals []principal
	actions    []string
	resources  []string
	conditions []condition
}

// A principal is one that a statement names: its kind is *, AWS, CanonicalUser
// or Service.
type principal struct{ kind, name string }

// statementDocument is a statement as it is written.
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

// playedActions are the actions that requests of CloudFront come to.
var playedActions = []string{actionGet, actionPut, actionDelete, actionList}

// ParsePolicy reads the document of a bucket policy, resolved: what the property
// PolicyDocument of AWS::S3::BucketPolicy is. Statements about other actions
// than those on the path of a request are passed over. An error names the
// statement and the element of it that is wrong or not played.
func ParsePolicy(document any) (*Policy, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	var outer struct{ Statement json.RawMessage }
	if err := json.Unmarshal(raw, &outer); err != nil {
		return nil, fmt.Errorf("the policy is no object with a Statement: %w", err)
	}
	var documents []statementDocument
	if err := json.Unmarshal(outer.Statement, &documents); err != nil {
		documents = make([]statementDocument, 1)
		if err := json.Unmarshal(outer.Statement, &documents[0]); err != nil {
			return nil, fmt.Errorf("the policy's Statement cannot be read: %w", err)
		}
	}
	p := new(Policy)
	for i, d := range documents {
		name := fmt.Sprintf("Statement[%d]", i)
		if d.Sid != "" {
			name = "statement " + d.Sid
		}
		s, err := d.parse()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if s != nil {
			s.sid = name
			p.statements = append(p.statements, *s)
		}
	}
	return p, nil
}

// parse returns nil for a statement that has nothing to do with requests.
func (d statementDocument) parse() (*statement, error) {
	if d.NotAction != nil {
		return nil, fmt.Errorf("the local edge does not play NotAction: write Action")
	}
	s := &statement{deny: d.Effect == "Deny"}
	if d.Effect != "Allow" && d.Effect != "Deny" {
		return nil, fmt.Errorf("Effect is %q, not Allow or Deny", d.Effect)
	}
	var err error
	if s.actions, err = texts("Action", d.Action); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(playedActions, s.hasAction) {
		return nil, nil
	}
	if d.NotPrincipal != nil || d.NotResource != nil {
		return nil, fmt.Errorf("the local edge does not play NotPrincipal and NotResource: write Principal and Resource")
	}
	if s.resources, err = texts("Resource", d.Resource); err != nil {
		return nil, err
	}
	if s.principals, err = parsePrincipals(d.Principal); err != nil {
		return nil, err
	}
	s.conditions, err = parseConditions(d.Condition)
	return s, err
}

func parsePrincipals(value any) ([]principal, error) {
	if value == "*" {
		return []principal{{kind: "*"}}, nil
	}
	kinds, ok := value.(map[string]any)
	if !ok || len(kinds) == 0 {
		return nil, fmt.Errorf(`Principal is %v: it must be "*", or an object with AWS, CanonicalUser or Service`, value)
	}
	var principals []principal
	for kind, names := range kinds {
		if !slices.Contains([]string{"AWS", "CanonicalUser", "Service", "Federated"}, kind) {
			return nil, fmt.Errorf("Principal.%s is no kind of principal", kind)
		}
		list, err := texts("Principal."+kind, names)
		if err != nil {
			return nil, err
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

// texts returns a string, or a list of strings, as a list. Policy variables are
// not played.
func texts(element string, value any) ([]string, error) {
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
			return nil, fmt.Errorf("%s is %v: it must be a string or a list of strings", element, value)
		}
		if strings.Contains(text, "${") {
			return nil, fmt.Errorf("%s is %s: the local edge does not play policy variables", element, text)
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

// names reports whether the statement is about the caller.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
func (s *statement) names(who caller) bool {
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
