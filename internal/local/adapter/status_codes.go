package adapter

import (
	"cmp"
	"strconv"
	"strings"
)

// statusCodes are ranges of status codes, both ends included.
type statusCodes [][2]uint16

func (s statusCodes) contains(status int) bool {
	for _, r := range s {
		if int(r[0]) <= status && status <= int(r[1]) {
			return true
		}
	}
	return false
}

func (s statusCodes) String() string {
	var parts []string
	for _, r := range s {
		part := strconv.Itoa(int(r[0]))
		if r[1] != r[0] {
			part += "-" + strconv.Itoa(int(r[1]))
		}
		parts = append(parts, part)
	}
	return cmp.Or(strings.Join(parts, ","), "none")
}

// parseStatusCodes reads a list such as "500,502-504". Parts that aren't codes are
// skipped, as the adapter does it.
//
// Seen: 1.0.0-rc1.
func parseStatusCodes(list string) statusCodes {
	var codes statusCodes
	for part := range strings.SplitSeq(list, ",") {
		if r, ok := parseStatusRange(strings.TrimSpace(part)); ok {
			codes = append(codes, r)
		}
	}
	return codes
}

func parseStatusRange(part string) (r [2]uint16, ok bool) {
	first, last, isRange := strings.Cut(part, "-")
	if !isRange {
		last = first
	}
	from, err := strconv.ParseUint(first, 10, 16)
	if err != nil {
		return r, false
	}
	to, err := strconv.ParseUint(last, 10, 16)
	if err != nil {
		return r, false
	}
	return [2]uint16{uint16(from), uint16(to)}, true
}

// defaultHealthy is every status below 500.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
var defaultHealthy = statusCodes{{100, 499}}

// healthyStatus prefers the list over the older smallest unhealthy status.
func healthyStatus(list, minUnhealthy variable) statusCodes {
	if list.set {
		return parseStatusCodes(list.value)
	}
	n, err := strconv.ParseUint(minUnhealthy.value, 10, 16)
	switch {
	case err != nil:
		return defaultHealthy
	case n <= 100:
		return nil
	}
	return statusCodes{{100, uint16(n) - 1}}
}
