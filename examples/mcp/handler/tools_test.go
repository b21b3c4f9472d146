package main

import "testing"

func TestDaysBetween_counts_days(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-28", "2026-12-24", 26},
		{"2024-03-01", "2024-02-28", -2},
		{"0001-01-01", "9999-12-31", 3652058},
	} {
		if _, got, err := daysBetween(t.Context(), nil, dates{c.from, c.to}); err != nil || got.Days != c.want {
			t.Errorf("from %s to %s: got %d (%v), want %d", c.from, c.to, got.Days, err, c.want)
		}
	}
}
