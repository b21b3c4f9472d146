package build

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// anyoneReads is the policy of a bucket whose own is not in the assembly.
var anyoneReads = map[string]any{"Statement": []any{map[string]any{
	"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*",
}}}

// importedBucket returns a bucket that the assembly does not define, and that
// the person at the terminal gave a directory for.
func (b *builder) importedBucket(name, region, domain, dir string) (*originBucket, error) {
	if made, ok := b.buckets.byName[name]; ok {
		if !slices.Contains(made.hosts, domain) {
			return nil, fmt.Errorf("the bucket %s is an origin as %s and as %s: use one domain name", name, made.hosts[0], domain)
		}
		return made, nil
	}
	policy, err := bucket.ParsePolicy(anyoneReads)
	if err != nil {
		return nil, err
	}
	hosts := []string{domain}
	b.buckets.given[name] = true
	played, err := bucket.New(bucket.Config{
		Name: name, Region: region, Account: template.DefaultAccount, Hosts: hosts,
		Layers: []bucket.Layer{{Dirs: []string{dir}}}, Policy: policy, Verifier: &sigv4.Verifier{Lookup: b.keys.lookup},
	}, b.log)
	if err != nil {
		return nil, err
	}
	b.log.Warn("the bucket "+name+" lets everybody read here",
		"cause", "no stack of the assembly defines it, so its policy is not known", "cure", "check on AWS that its policy lets the distribution in")
	made := &originBucket{bucket: played, region: region, hosts: hosts}
	b.buckets.byName[name] = made
	return made, nil
}

// restRegion returns the region in the REST endpoint of a bucket, and whether
// the domain is one.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func restRegion(domain, name string) (string, bool) {
	rest, ok := strings.CutPrefix(domain, name+".s3.")
	if !ok {
		return "", false
	}
	rest = strings.TrimPrefix(rest, "dualstack.")
	region, _, regional := strings.Cut(rest, ".amazonaws.com")
	if !regional {
		return template.DefaultRegion, rest == "amazonaws.com"
	}
	return region, !strings.Contains(region, ".")
}

// checkBuckets returns an error for names in Options.Buckets that are no origin.
func (b *builder) checkBuckets() error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(b.options.Buckets)) {
		if !b.buckets.given[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	known := "there is none in this assembly"
	if len(b.buckets.known) > 0 {
		known = "these are: " + strings.Join(slices.Sorted(maps.Keys(b.buckets.known)), ", ")
	}
	return fmt.Errorf("no origin is a bucket with the logical id or name %s; %s", strings.Join(unknown, ", "), known)
}
