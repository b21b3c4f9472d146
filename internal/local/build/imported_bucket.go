package build

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// anyoneReads is a statement of a bucket that the assembly doesn't define.
var anyoneReads = iam.Statement{
	Effect: "Allow", Principal: iam.Literal{V: "*"}, Action: []string{"s3:GetObject"}, Resource: iam.Literal{V: "*"},
}

// importedBucket returns a bucket of Options.Buckets that the assembly doesn't
// define.
func (b *builder) importedBucket(name, region, domain, dir string) (*originBucket, error) {
	if made, ok := b.buckets.byName[name]; ok {
		if !slices.Contains(made.hosts, domain) {
			return nil, fault.New("use one domain name", "the bucket %s is also the origin %s", name, made.hosts[0])
		}
		return made, nil
	}
	hosts := []string{domain}
	b.buckets.given[name] = true
	built, err := bucket.New(bucket.Config{
		Name: name, ARN: "arn:aws:s3:::" + name, Region: region, Account: template.DefaultAccount, Hosts: hosts,
		Layers: []bucket.Layer{{Dirs: []string{dir}}}, Policies: []*iam.Policy{iam.New(name, anyoneReads)}, Verifier: &sigv4.Verifier{Lookup: b.keys.lookup},
	}, b.log)
	if err != nil {
		return nil, err
	}
	fault.Log(b.log, slog.LevelWarn, "the bucket "+name+" is readable by everyone here",
		"no stack of the assembly defines it, so its policy isn't known", "check on AWS that its policy permits the distribution")
	made := &originBucket{bucket: built, region: region, hosts: hosts}
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
