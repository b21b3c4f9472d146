package wildcard

import (
	"strings"
	"testing"
	"time"
)

func TestMatch_takes_a_star_for_any_bytes_and_a_question_mark_for_one(t *testing.T) {
	for _, test := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "a/b", true}, {"?", "", false}, {"?", "/", true},
		{"a*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "abcd", false}, {"a*b*c", "a-b-b-c", true},
		{"*.jpg", "a.jpg.png", false}, {"a?c", "abc", true}, {"a?c", "abbc", false}, {"A", "a", false}, {"**", "a", true},
	} {
		if got := Match(test.pattern, test.s); got != test.want {
			t.Errorf("%q, %q: got %v, want %v", test.pattern, test.s, got, test.want)
		}
	}
}

func TestMatch_ends_soon_whatever_the_pattern(t *testing.T) {
	begun := time.Now()
	if Match(strings.Repeat("*a", 200)+"b", strings.Repeat("a", 20_000)) {
		t.Error("got a match, want none")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestMatchARN_does_not_reach_over_a_colon(t *testing.T) {
	const arn = "arn:aws:cloudfront::111122223333:distribution/E1"
	for pattern, want := range map[string]bool{
		arn: true, "arn:aws:cloudfront::*:distribution/*": true, "arn:aws:cloudfront::111122223333:distribution/E?": true,
		"*": false, "arn:*": false, "arn:aws:cloudfront::111122223333:*:E1": false, "arn:aws:s3:::*": false, "": false,
		"arn:aws:*:*:*:*": true, "arn:aws:cloudfront::111122223333:distribution/E": false,
	} {
		if got := MatchARN(pattern, arn); got != want {
			t.Errorf("%q: %v, want %v", pattern, got, want)
		}
	}
}
