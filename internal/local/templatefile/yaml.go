package templatefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Decode reads a template. Numbers are json.Number, and short forms of functions are
// written out, as in JSON.
func Decode(data []byte) (map[string]any, error) {
	var read any
	var err error
	if json.Valid(data) {
		err = decodeJSON(data, &read)
	} else {
		read, err = decodeYAML(data)
	}
	template, ok := read.(map[string]any)
	if err == nil && !ok {
		err = fault.New("give a template of CloudFormation or SAM", "isn't an object with Resources")
	}
	return template, err
}

func decodeYAML(data []byte) (any, error) {
	file, err := parser.ParseBytes(data, 0)
	if syntax := new(yaml.SyntaxError); errors.As(err, &syntax) {
		return nil, at(syntax.Token, "correct the YAML", "%s", syntax.Message)
	}
	if err != nil || len(file.Docs) == 0 {
		return nil, err
	}
	return value(file.Docs[0].Body)
}

// decodeJSON decodes JSON. Numbers keep their text.
func decodeJSON(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// value turns a node of YAML into a value of JSON. CloudFormation has no aliases.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
func value(node ast.Node) (any, error) {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return nil, nil
	case *ast.MappingNode:
		return mapping(n.Values)
	case *ast.MappingValueNode:
		return mapping([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, item := range n.Values {
			var err error
			if list[i], err = value(item); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *ast.TagNode:
		return tagged(n)
	case *ast.AnchorNode, *ast.AliasNode:
		return nil, at(n.GetToken(), "write it out", "CloudFormation supports no aliases")
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.StringNode:
		return plain(n), nil
	case *ast.BoolNode:
		return n.Value, nil
	}
	return number(node.GetToken().Value), nil
}

func mapping(entries []*ast.MappingValueNode) (any, error) {
	object := make(map[string]any, len(entries))
	for _, entry := range entries {
		var err error
		if object[entry.Key.GetToken().Value], err = value(entry.Value); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// tagged writes a short form such as !Ref out. GetAtt's text becomes a list.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func tagged(n *ast.TagNode) (any, error) {
	argument, err := value(n.Value)
	if err != nil {
		return nil, err
	}
	name, isShort := strings.CutPrefix(n.Start.Value, "!")
	text, isText := argument.(string)
	switch {
	case !isShort || strings.HasPrefix(name, "!"): // one of YAML's own, such as !!str
		return fmt.Sprint(argument), nil
	case name == "Ref", name == "Condition":
		return map[string]any{name: argument}, nil
	case name == "GetAtt" && isText:
		id, attribute, _ := strings.Cut(text, ".")
		argument = []any{id, attribute}
	}
	return map[string]any{"Fn::" + name: argument}, nil
}

// booleans are the words that are true or false in YAML 1.1, which CloudFormation reads,
// beside those of YAML 1.2.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
// and https://yaml.org/type/bool.html
var booleans = map[string]bool{
	"yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true, "True": true, "TRUE": true,
	"no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false, "False": false, "FALSE": false,
}

func plain(n *ast.StringNode) any {
	if value, ok := booleans[n.Value]; ok && n.Token.Type == token.StringType {
		return value
	}
	return n.Value
}

// number keeps the text of a number that JSON has too. Others are strings.
func number(text string) any {
	if json.Valid([]byte(text)) {
		return json.Number(text)
	}
	return text
}

func at(t *token.Token, hint, format string, args ...any) error {
	return fault.In(fmt.Sprintf("line %d", t.Position.Line), fault.New(hint, format, args...))
}
