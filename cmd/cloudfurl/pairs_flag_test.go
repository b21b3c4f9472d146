package main

import (
	"flag"
	"io"
	"maps"
	"testing"
)

func TestPairsFlag_collects_one_value_for_each_name(t *testing.T) {
	tests := []struct {
		args []string
		want map[string]string // nil for an error
	}{
		{nil, map[string]string{}},
		{[]string{"--s3", "Site=dist", "--s3", "my-bucket=a=b"}, map[string]string{"Site": "dist", "my-bucket": "a=b"}},
		{[]string{"--s3", "Site=dist", "--s3", "Site=other"}, nil},
		{[]string{"--s3", "Site"}, nil},
		{[]string{"--s3", "Site="}, nil},
		{[]string{"--s3", "=dist"}, nil},
	}
	for _, test := range tests {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		got := newPairsFlag(flags, "s3", "BUCKET=DIR", "")
		err := parseFlags(flags, "", test.args, io.Discard, io.Discard)
		if (err != nil) != (test.want == nil) || err == nil && !maps.Equal(got.pairs, test.want) {
			t.Errorf("%q: got %v, %v, want %v", test.args, got.pairs, err, test.want)
		}
	}
}
