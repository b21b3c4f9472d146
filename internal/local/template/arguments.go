package template

import "github.com/cloudfurl/cloudfurl/internal/fault"

// arguments are those of a function. The first that isn't valid is its error; those
// read after it are empty.
type arguments struct {
	r    resolver
	list []any
	err  error
}

// arguments returns the arguments of a function, not yet resolved.
func (r resolver) arguments(raw any, least, most int, form string) *arguments {
	a := &arguments{r: r}
	list, ok := raw.([]any)
	switch {
	case !ok:
		a.err = fault.New("write "+form, "is %s, not a list", typeName(raw))
	case len(list) < least || len(list) > most:
		a.err = fault.New("write "+form, "has the wrong number of arguments: %d", len(list))
	default:
		a.list = list
	}
	return a
}

// fail makes err that of an argument, unless it is nil or another one has failed.
func (a *arguments) fail(i int, err error) {
	if a.err == nil && err != nil {
		a.err = inIndex(err, i)
	}
}

// resolved returns an argument as resolve returns it.
func resolved[T any](a *arguments, i int, resolve func(raw any) (T, error)) (value T) {
	if a.err == nil {
		var err error
		value, err = resolve(a.list[i])
		a.fail(i, err)
	}
	return value
}

// text returns an argument that is a string when it is resolved.
func (a *arguments) text(i int) string { return resolved(a, i, a.r.text) }

// values returns an argument that is a list when it is resolved.
func (a *arguments) values(i int) []any {
	return resolved(a, i, func(raw any) ([]any, error) {
		value, err := a.r.argument(raw)
		list, ok := value.([]any)
		if err == nil && !ok {
			err = fail("is %s, not a list", typeName(value))
		}
		return list, err
	})
}

// literal returns an argument that no function may give. Messages call it what.
func literal[T any](a *arguments, i int, what string) T {
	return resolved(a, i, func(raw any) (T, error) {
		value, ok := raw.(T)
		if !ok {
			return value, fail("is %s, not %s", typeName(raw), what)
		}
		return value, nil
	})
}
