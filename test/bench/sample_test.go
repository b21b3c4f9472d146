package bench

import (
	"slices"
	"testing"
	"time"
)

// A sample holds the values of one figure.
type sample []float64

// add adds a duration in milliseconds.
func (s *sample) add(d time.Duration) {
	*s = append(*s, float64(d)/float64(time.Millisecond))
}

// median returns the value in the middle, or the mean of the two that are.
func (s sample) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// most returns the largest value.
func (s sample) most() float64 {
	return slices.Max(s)
}

// less returns what each value is above the other's of the same round.
func (s sample) less(other sample) sample {
	difference := make(sample, len(s))
	for i := range s {
		difference[i] = s[i] - other[i]
	}
	return difference
}

// over returns how many times the other's of the same round each value is.
func (s sample) over(other sample) sample {
	ratio := make(sample, len(s))
	for i := range s {
		ratio[i] = s[i] / other[i]
	}
	return ratio
}

// report reports figures instead of the time of one round, which means nothing
// where a round measures two things.
func report(b *testing.B, figures map[string]float64) {
	b.ReportMetric(0, "ns/op")
	for unit, value := range figures {
		b.ReportMetric(value, unit)
	}
}

func TestSample_median_is_the_middle_of_the_values(t *testing.T) {
	for _, test := range []struct {
		values sample
		want   float64
	}{
		{sample{3}, 3},
		{sample{9, 1, 2}, 2},
		{sample{4, 1, 100, 2}, 3},
	} {
		before := slices.Clone(test.values)
		if got := test.values.median(); got != test.want {
			t.Errorf("the median of %v is %v, want %v", before, got, test.want)
		}
		if !slices.Equal(test.values, before) {
			t.Errorf("median changed %v to %v, whose values pair with another sample's", before, test.values)
		}
	}
}

func TestSample_pairs_values_by_their_round(t *testing.T) {
	ours, theirs := sample{3, 10, 8}, sample{1, 5, 2}
	if got, want := ours.less(theirs), (sample{2, 5, 6}); !slices.Equal(got, want) {
		t.Errorf("got differences %v, want %v", got, want)
	}
	if got, want := ours.over(theirs), (sample{3, 2, 4}); !slices.Equal(got, want) {
		t.Errorf("got ratios %v, want %v", got, want)
	}
}
