package template

import (
	"maps"
	"slices"
	"strings"
)

// checkCycle refuses a resource that depends on itself, by Ref, Fn::GetAtt,
// Fn::Sub or DependsOn over any number of resources of its stack, or that
// depends on such a one. CloudFormation refuses the whole template, even if the
// values could be found one by one.
//
// See: https://repost.aws/knowledge-center/cloudformation-circular-dependency-sam
func (d *Deployment) checkCycle(s *stack, id string) error {
	if found, ok := s.cycles[id]; ok {
		if found != nil {
			return found
		}
		return nil
	}
	// The walk keeps its own stack, as chains may be as long as a template.
	type frame struct {
		id   string
		next []string
	}
	walked := []frame{{id, d.dependencies(s, id)}}
	active := map[string]bool{id: true}
	for len(walked) > 0 {
		top := &walked[len(walked)-1]
		if len(top.next) == 0 {
			s.cycles[top.id] = nil
			delete(active, top.id)
			walked = walked[:len(walked)-1]
			continue
		}
		next := top.next[0]
		top.next = top.next[1:]
		found, known := s.cycles[next]
		if active[next] {
			var names []string
			for _, f := range walked {
				if f.id == next || names != nil {
					names = append(names, f.id)
				}
			}
			found = fail("resources depend on each other: %s", strings.Join(append(names, next), " → ")).
				cure("break the cycle; CloudFormation refuses it too")
			found = inElement(found, s.id, kindResource, next).(*Error)
		}
		if found != nil {
			for _, f := range walked {
				s.cycles[f.id] = found
			}
			return found
		}
		if !known {
			active[next] = true
			walked = append(walked, frame{next, d.dependencies(s, next)})
		}
	}
	return nil
}

// dependencies returns the resources that a resource refers to directly, by
// logical id.
func (d *Deployment) dependencies(s *stack, id string) []string {
	raw, _ := s.resources[id].(map[string]any)
	found := make(map[string]bool)
	add := func(id string) {
		if _, ok := s.resources[id]; ok {
			found[id] = true
		}
	}
	switch dependsOn := raw["DependsOn"].(type) {
	case string:
		add(dependsOn)
	case []any:
		for _, id := range dependsOn {
			if id, ok := id.(string); ok {
				add(id)
			}
		}
	}
	d.walkReferences(s, raw["Properties"], add)
	return slices.Sorted(maps.Keys(found))
}

// walkReferences calls add for everything that a value refers to. Of Fn::If
// only the branch that holds counts.
func (d *Deployment) walkReferences(s *stack, value any, add func(id string)) {
	if d.memo.enter() != nil {
		return
	}
	defer d.memo.leave()
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			d.walkReferences(s, item, add)
		}
	case map[string]any:
		if name, ok, err := intrinsic(value); ok && err == nil {
			d.walkCall(s, name, value[name], add)
			return
		}
		for _, item := range value {
			d.walkReferences(s, item, add)
		}
	}
}

func (d *Deployment) walkCall(s *stack, name string, argument any, add func(id string)) {
	text, isText := argument.(string)
	list, _ := argument.([]any)
	switch name {
	case "Ref":
		add(text)
		return
	case "Fn::GetAtt":
		if len(list) > 0 {
			text, _ = list[0].(string)
		}
		id, _, _ := strings.Cut(text, ".")
		add(id)
		return
	case "Fn::Sub":
		var variables map[string]any
		if len(list) == 2 {
			text, isText = list[0].(string)
			variables, _ = list[1].(map[string]any)
		}
		if isText {
			for part := range placeholders(text) {
				if _, shadowed := variables[part.name]; !shadowed {
					id, _, _ := strings.Cut(part.name, ".")
					add(id)
				}
			}
		}
	case "Fn::If":
		if len(list) == 3 {
			if condition, ok := list[0].(string); ok {
				if holds, err := d.condition(s, condition); err == nil {
					branch := 2
					if holds {
						branch = 1
					}
					d.walkReferences(s, list[branch], add)
					return
				}
			}
		}
	}
	d.walkReferences(s, argument, add)
}
