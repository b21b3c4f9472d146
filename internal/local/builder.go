package local

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// A builder makes an Edge from a resolved deployment.
type builder struct {
	assembly   *assembly.Assembly
	deployment *template.Deployment
	functions  *functions
	buckets    *buckets
	stores     map[string]bool // key value stores, by logical id and by name
	keys       *keyring
	options    Options
	log        *slog.Logger

	edge Edge
}

// build makes the function URLs first, because the origins of the distributions
// reach them.
func (b *builder) build() (*Edge, error) {
	b.edge.functions, b.edge.buckets = b.functions, b.buckets
	b.adviseAssembly()
	if err := b.buildFunctionURLs(); err != nil {
		return nil, err
	}
	if err := b.buildDistributions(); err != nil {
		return nil, err
	}
	if err := b.checkBuckets(); err != nil {
		return nil, err
	}
	if err := b.checkKeyValueStores(); err != nil {
		return nil, err
	}
	if len(b.edge.Distributions)+len(b.edge.FunctionURLs) == 0 {
		return nil, errors.New("no stack has an AWS::CloudFront::Distribution or an AWS::Lambda::Url: there is nothing to serve, synthesize an app that defines an endpoint")
	}
	b.edge.handler = logRequests(newHosts(&b.edge), b.log)
	return &b.edge, nil
}

// label returns the short name of a function for the log. A construct that is
// called just Function is better named by what it is in, unless that is a stack.
func label(r *template.Resource) string {
	p := path(r)
	if outer := strings.TrimSuffix(p, "/Function"); strings.Contains(outer, "/") {
		p = outer
	}
	return p[strings.LastIndex(p, "/")+1:]
}

// path returns the construct path of a resource, or its stack and logical id.
func path(r *template.Resource) string {
	if s, ok := r.Metadata["aws:cdk:path"].(string); ok {
		return strings.TrimSuffix(s, "/Resource")
	}
	return r.Stack + "/" + r.LogicalID
}
