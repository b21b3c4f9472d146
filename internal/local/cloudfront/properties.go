package cloudfront

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// properties reads an object of a template whose intrinsics are resolved, and
// remembers what was wrong with it, so that one error can name everything.
type properties struct {
	path   string
	values map[string]any
	known  map[string]bool
	inner  []*properties
	errs   []error
}

// presence says whether a property may be left out.
type presence bool

const (
	required presence = true
	optional presence = false
)

func newProperties(path string, values map[string]any) *properties {
	return &properties{path: path, values: values, known: map[string]bool{}}
}

// close returns what was wrong, properties that nobody asked for included.
func (p *properties) close() error {
	errs := p.errs
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !p.known[name] {
			errs = append(errs, fmt.Errorf("%s.%s: this property is not known to the local edge", p.path, name))
		}
	}
	for _, inner := range p.inner {
		errs = append(errs, inner.close())
	}
	return errors.Join(errs...)
}

func (p *properties) value(name string, need presence) (any, bool) {
	p.known[name] = true
	v, ok := p.values[name]
	if (!ok || v == nil) && need == required {
		p.errs = append(p.errs, fmt.Errorf("%s.%s is missing", p.path, name))
	}
	return v, ok && v != nil
}

func (p *properties) wrong(name, want string, got any) {
	p.errs = append(p.errs, fmt.Errorf("%s.%s is %v (%T), not %s", p.path, name, got, got, want))
}

func (p *properties) text(name string, need presence) string {
	v, ok := p.value(name, need)
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		p.wrong(name, "a string", v)
	}
	return s
}

// number takes the forms that CloudFormation takes, numerals in strings too.
func (p *properties) number(name string, need presence) float64 {
	v, ok := p.value(name, need)
	if !ok {
		return 0
	}
	var n float64
	var err error
	switch v := v.(type) {
	case float64:
		n = v
	case int:
		n = float64(v)
	case json.Number:
		n, err = v.Float64()
	case string:
		n, err = strconv.ParseFloat(v, 64)
	default:
		err = errors.New("no number")
	}
	if err != nil {
		p.wrong(name, "a number", v)
	}
	return n
}

// boolean takes the forms that CloudFormation takes, words in strings too.
func (p *properties) boolean(name string, need presence) bool {
	v, ok := p.value(name, need)
	if !ok {
		return false
	}
	switch v {
	case true, "true":
		return true
	case false, "false":
		return false
	}
	p.wrong(name, "a boolean", v)
	return false
}

func (p *properties) texts(name string, need presence) []string {
	v, ok := p.value(name, need)
	if !ok {
		return nil
	}
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		texts := make([]string, 0, len(list))
		for _, item := range list {
			s, ok := item.(string)
			if !ok {
				p.wrong(name, "a list of strings", v)
				return nil
			}
			texts = append(texts, s)
		}
		return texts
	}
	p.wrong(name, "a list of strings", v)
	return nil
}

// object returns an inner object, empty if it is absent; has tells them apart.
func (p *properties) object(name string, need presence) *properties {
	v, ok := p.value(name, need)
	inner := newProperties(p.path+"."+name, nil)
	if !ok {
		// What is required of an absent object is not missed one by one.
		return inner
	}
	values, ok := v.(map[string]any)
	if !ok {
		p.wrong(name, "an object", v)
		return inner
	}
	inner.values = values
	p.inner = append(p.inner, inner)
	return inner
}

func (p *properties) has(name string) bool {
	v, ok := p.values[name]
	return ok && v != nil
}

func (p *properties) objects(name string, need presence) []*properties {
	v, ok := p.value(name, need)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		p.wrong(name, "a list of objects", v)
		return nil
	}
	var inners []*properties
	for i, item := range list {
		values, ok := item.(map[string]any)
		if !ok {
			p.wrong(name, "a list of objects", v)
			return nil
		}
		inner := newProperties(fmt.Sprintf("%s.%s[%d]", p.path, name, i), values)
		p.inner = append(p.inner, inner)
		inners = append(inners, inner)
	}
	return inners
}

func (p *properties) selection(config, behavior, names string) Selection {
	inner := p.object(config, required)
	return Selection{Behavior: inner.text(behavior, required), Names: inner.texts(names, optional)}
}
