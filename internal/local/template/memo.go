package template

import "strings"

// maxDepth bounds how deep values may stand in, and need, one another. A
// template has at most 500 resources and 1 MB, so only a broken one comes near.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxDepth = 10_000

// Kinds of elements.
const (
	kindStack     = "stack"
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
	path string
}

func (e element) String() string {
	text := e.s.id + "." + e.id
	if e.path != "" {
		text += "." + e.path
	}
	return text
}

// memo remembers the elements that were resolved, and those that are being
// resolved.
type memo struct {
	cells map[element]*cell
	trail []element
	depth int
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
	if err := m.enter(); err != nil {
		return nil, inElement(err, e.s.id, e.kind, e.id)
	}
	defer m.leave()
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
		if e.path != "" {
			err = inField(err, e.path)
			if e.kind == kindResource {
				err = inField(err, "Properties")
			}
		}
		value, err = nil, inElement(err, e.s.id, e.kind, e.id)
	}
	c.value, c.err, c.done = value, err, true
	return value, err
}

// enter counts one value that stands in another, until leave.
func (m *memo) enter() error {
	if m.depth >= maxDepth {
		return fail("values stand in or need one another more than %d deep", maxDepth)
	}
	m.depth++
	return nil
}

func (m *memo) leave() { m.depth-- }

// cycle is the error of an element that is already being resolved.
func (m *memo) cycle(e element) error {
	var steps []string
	for _, step := range m.trail {
		if step == e || steps != nil {
			steps = append(steps, step.String())
		}
	}
	steps = append(steps, e.String())
	return fail("needs itself: %s", strings.Join(steps, " → ")).cure("break the cycle")
}
