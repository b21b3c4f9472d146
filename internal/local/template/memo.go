package template

import (
	"errors"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// maxChain bounds how many values depend on one another. A template has at most 500
// resources, so only a broken one comes near. encoding/json bounds how deep values are
// nested.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxChain = 10_000

// Kinds of elements.
const (
	kindResource  = "resource"
	kindParameter = "parameter"
	kindCondition = "condition"
	kindOutput    = "output"
)

// element names one value of a deployment that is resolved as a whole.
type element struct {
	s    *stack
	kind string
	id   string

	// path is that of a property, with pathSeparator between its steps.
	path string
}

// pathSeparator isn't a dot, so that a property with a dot in its name isn't
// mistaken for one inside another.
const pathSeparator = "\x00"

// place returns what errors call the element without its path.
func (e element) place() string {
	if e.kind == kindResource {
		return e.s.path(e.id)
	}
	return e.s.ID + ", " + e.kind + " " + e.id
}

func (e element) property() string { return strings.ReplaceAll(e.path, pathSeparator, ".") }

func (e element) String() string { return join(e.place(), e.property()) }

// locate returns err at the element, or needed by it if err has a place.
func (e element) locate(err error) error { return locate(e.place(), e.property(), err) }

func locate(place, property string, err error) error {
	if found := new(fault.Error); errors.As(err, &found) && found.Where != "" {
		return fault.Needed(join(place, property), err)
	}
	return fault.At(place, fault.In(property, err))
}

func join(place, property string) string {
	if property == "" {
		return place
	}
	return place + ", " + property
}

// memo remembers the elements that were resolved, and those that are being
// resolved.
type memo struct {
	cells map[element]*cell
	trail []element
}

type cell struct {
	done  bool
	value any
	err   error
}

// once returns what resolve returned the first time for e, or an error if e
// is needed to resolve itself.
func (m *memo) once(e element, resolve func() (any, error)) (any, error) {
	if c, ok := m.cells[e]; ok {
		if c.done {
			return c.value, c.err
		}
		return nil, m.cycle(e)
	}
	if len(m.trail) >= maxChain {
		return nil, e.locate(fault.New("make the chain shorter", "values depend on each other, more than %d deep", maxChain))
	}
	if m.cells == nil {
		m.cells = make(map[element]*cell)
	}
	c := new(cell)
	m.cells[e] = c
	m.trail = append(m.trail, e)
	defer func() {
		m.trail = m.trail[:len(m.trail)-1]
		if !c.done {
			delete(m.cells, e)
		}
	}()
	value, err := resolve()
	if err != nil {
		value, err = nil, e.locate(err)
	}
	c.value, c.err, c.done = value, err, true
	return value, err
}

func (m *memo) cycle(e element) error {
	var steps []string
	for _, step := range m.trail {
		if step == e || steps != nil {
			steps = append(steps, step.String())
		}
	}
	steps = append(steps, e.String())
	if len(steps) > maxKnown {
		steps = append(append(steps[:maxKnown/2:maxKnown/2], "…"), steps[len(steps)-maxKnown/2:]...)
	}
	return fault.New("break the cycle", "depends on itself: %s", strings.Join(steps, " → "))
}
