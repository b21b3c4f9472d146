package main

import "testing"

func TestPrimesIn_counts_the_primes_of_any_range(t *testing.T) {
	isPrime := func(n int) bool {
		for d := 2; d < n; d++ {
			if n%d == 0 {
				return false
			}
		}
		return n > 1
	}
	for last := range 300 {
		want := 0
		for first := last; first >= 0; first-- {
			if isPrime(first) {
				want++
			}
			if got := primesIn(first, last, primes(last)); got != want {
				t.Fatalf("from %d to %d: got %d, want %d", first, last, got, want)
			}
		}
	}
	// The number of primes up to 10⁶, over several segments.
	if got := primesIn(1, 1_000_000, primes(1_000_000)); got != 78498 {
		t.Errorf("got %d primes up to a million, want 78498", got)
	}
}

func TestVerifier_accepts_no_token_without_a_hash(t *testing.T) {
	for _, hash := range []string{"", "zz", "00", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"} {
		if _, err := verifier(hash)(t.Context(), "", nil); err == nil {
			t.Errorf("hash %q: accepted an empty token", hash)
		}
	}
	// The SHA-256 of "secret".
	const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
	if _, err := verifier(hash)(t.Context(), "secret", nil); err != nil {
		t.Error(err)
	}
	if _, err := verifier(hash)(t.Context(), "Secret", nil); err == nil {
		t.Error("accepted another token")
	}
}
