package main

import (
	"errors"
	"strings"
)

// A bucketFlag collects BUCKET=DIR.
type bucketFlag map[string]string

// String returns nothing: there is no default to show.
func (b bucketFlag) String() string {
	return ""
}

// Set adds one directory. A bucket has one, so that the last one given is not
// taken for an addition.
func (b bucketFlag) Set(text string) error {
	bucket, dir, ok := strings.Cut(text, "=")
	if !ok || bucket == "" || dir == "" {
		return errors.New("give BUCKET=DIR, the bucket by its logical id or name")
	}
	if _, twice := b[bucket]; twice {
		return errors.New("the bucket " + bucket + " has a directory already")
	}
	b[bucket] = dir
	return nil
}
