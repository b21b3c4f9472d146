package runs

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
)

// A Store keeps runs: a [Table] or a [Memory].
type Store interface {
	// put writes an item. Unless alive is 0, it replaces the head of a run that is
	// running, with a lease until alive at most, or returns errOver.
	put(ctx context.Context, i item, alive int64) error

	// query returns the items of a run after a number, in order. It may leave out the
	// last ones.
	query(ctx context.Context, run string, after int64) ([]item, error)
}

var errOver = errors.New("the run is over, or its lease is")

// A Memory is a store for unit tests: it ends with its process, and environments of
// Lambda don't share it. The zero value is empty.
type Memory struct {
	mu    sync.Mutex
	items []item
}

func (m *Memory) put(_ context.Context, i item, alive int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.items, func(old item) bool { return old.Run == i.Run && old.Number == i.Number })
	if alive != 0 && (at < 0 || m.items[at].State.S != running || m.items[at].Alive.N > alive) {
		return errOver
	}
	if at >= 0 {
		m.items = slices.Delete(m.items, at, at+1)
	}
	m.items = append(m.items, i)
	return nil
}

func (m *Memory) query(_ context.Context, run string, after int64) (found []item, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.items {
		if i.Run.S == run && i.Number.N > after {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b item) int { return cmp.Compare(a.Number.N, b.Number.N) })
	return found, nil
}
