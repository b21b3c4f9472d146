package main

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxLimit = 500_000_000
	steps    = 10
)

type limit struct {
	Limit int `json:"limit" jsonschema:"the largest number that may be counted, up to 500 million"`
}

type count struct {
	Primes int `json:"primes"`
}

// countPrimes notifies the caller after each tenth, in the response to the
// request: nothing else connects this environment to the caller.
func countPrimes(ctx context.Context, request *mcp.CallToolRequest, in limit) (*mcp.CallToolResult, count, error) {
	if in.Limit < 0 || in.Limit > maxLimit {
		return nil, count{}, fmt.Errorf("limit is %d: give 0 to %d", in.Limit, maxLimit)
	}
	found := 0
	small := primes(in.Limit)
	for step := range steps {
		found += primesIn(in.Limit*step/steps+1, in.Limit*(step+1)/steps, small)
		if err := report(ctx, request, step+1, found); err != nil {
			return nil, count{}, err
		}
	}
	return nil, count{found}, ctx.Err()
}

// report sends the progress, if the caller asked for it.
func report(ctx context.Context, request *mcp.CallToolRequest, step, found int) error {
	token := request.Params.GetProgressToken()
	if token == nil {
		return nil
	}
	return request.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
		ProgressToken: token,
		Progress:      float64(step),
		Total:         steps,
		Message:       fmt.Sprintf("%d primes so far", found),
	})
}

// primes returns the primes up to the root of limit.
func primes(limit int) (small []int) {
	for n := 2; n*n <= limit; n++ {
		prime := true
		for _, p := range small {
			if p*p > n {
				break
			}
			if n%p == 0 {
				prime = false
				break
			}
		}
		if prime {
			small = append(small, n)
		}
	}
	return small
}

// segment is how many numbers are sieved at once. They fit into the cache.
const segment = 1 << 16

// primesIn counts the primes from first to last, given those up to the root of
// last.
func primesIn(first, last int, small []int) (found int) {
	for from := max(first, 2); from <= last; from += segment {
		composite := make([]bool, min(segment, last-from+1))
		for _, p := range small {
			for multiple := max(p*p, (from+p-1)/p*p); multiple-from < len(composite); multiple += p {
				composite[multiple-from] = true
			}
		}
		for _, c := range composite {
			if !c {
				found++
			}
		}
	}
	return found
}
