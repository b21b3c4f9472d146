package main

import (
	"maps"
	"testing"

	"github.com/alecthomas/kong"
)

func TestPairs_have_one_value_for_each_name(t *testing.T) {
	tests := []struct {
		args []string
		want map[string]string // nil for an error
	}{
		{nil, map[string]string{}},
		{[]string{"--s3", "Site=dist", "--s3=my-bucket=a=b,c;d"}, map[string]string{"Site": "dist", "my-bucket": "a=b,c;d"}},
		{[]string{"--s3", "Site=dist", "--s3", "Site=other"}, nil},
		{[]string{"--s3", "Site"}, nil},
		{[]string{"--s3", "Site="}, nil},
		{[]string{"--s3", "=dist"}, nil},
	}
	for _, test := range tests {
		var flags struct {
			S3 pairs `name:"s3" placeholder:"BUCKET=DIR"`
		}
		_, err := kong.Must(&flags).Parse(test.args)
		if (err != nil) != (test.want == nil) || err == nil && !maps.Equal(flags.S3, test.want) {
			t.Errorf("%q: got %v, %v, want %v", test.args, flags.S3, err, test.want)
		}
	}
}
