package construct

import (
	"math"

	"github.com/aws/aws-cdk-go/awscdk/v2"
)

// Text returns a string that may be nil.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// IsConcrete reports whether s is known at synthesis.
func IsConcrete(s *string) bool {
	return !*awscdk.Token_IsUnresolved(s)
}

// IsNumber reports whether n is known at synthesis.
func IsNumber(n *float64) bool {
	return !*awscdk.Token_IsUnresolved(n)
}

// Seconds returns a duration in seconds and whether it is a whole number of
// them. given is false for nil and for a token.
func Seconds(duration awscdk.Duration) (s float64, whole, given bool) {
	if duration == nil || *duration.IsUnresolved() {
		return 0, false, false
	}
	s = *duration.ToMilliseconds(nil) / 1000
	return s, s == math.Trunc(s), true
}
