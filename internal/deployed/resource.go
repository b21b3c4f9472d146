package deployed

import (
	"maps"
	"os"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// Types of resources on the path.
const (
	typeFunction     = "AWS::Lambda::Function"
	typeURL          = "AWS::Lambda::Url"
	typePermission   = "AWS::Lambda::Permission"
	typeDistribution = "AWS::CloudFront::Distribution"
)

// A resource is one of a stack, with its name on AWS.
type resource struct {
	stack              *assembly.Stack
	id, kind, physical string
}

// named returns the resource of a type that has a name on AWS, in a region if that isn't
// empty, or nil if no stack that was read has it.
func (r *reader) named(kind, physical, region string) *resource {
	for _, known := range r.resources {
		if known.kind == kind && known.physical == physical && (region == "" || known.stack.Region == region) {
			return known
		}
	}
	return nil
}

// raw returns the resource in its template.
func (r *resource) raw() map[string]any {
	all, ok := r.stack.Template["Resources"].(map[string]any)
	if !ok {
		all = map[string]any{}
		r.stack.Template["Resources"] = all
	}
	raw, ok := all[r.id].(map[string]any)
	if !ok {
		raw = map[string]any{}
		all[r.id] = raw
	}
	return raw
}

// properties returns those of the template.
func (r *resource) properties() map[string]any {
	properties, _ := r.raw()["Properties"].(map[string]any)
	return maps.Collect(maps.All(properties))
}

// set puts properties into the template. The resource exists, whatever its condition says.
func (r *resource) set(properties map[string]any) {
	raw := r.raw()
	delete(raw, "Condition")
	raw["Type"], raw["Properties"] = r.kind, properties
}

// remove takes the resource out of the template, except for its path and what Ref returns.
func (r *resource) remove() { r.raw()["Type"] = "removed" }

// identify sets what Ref or Fn::GetAtt returns.
func (r *resource) identify(attribute, value string) {
	if r.stack.Identities[r.id] == nil {
		r.stack.Identities[r.id] = map[string]string{}
	}
	r.stack.Identities[r.id][attribute] = value
}

// path returns the construct path, or stack and logical id.
func (r *resource) path() string {
	metadata, _ := r.raw()["Metadata"].(map[string]any)
	if path, ok := metadata["aws:cdk:path"].(string); ok {
		return strings.TrimSuffix(path, "/Resource")
	}
	return r.stack.ID + "/" + r.id
}

// codeKey is the key of code that isn't read.
const codeKey = "deployed"

// noCode stands for code that isn't read.
func noCode() (assembly.Asset, error) {
	return assembly.Asset{Path: os.DevNull, Packaging: assembly.PackagingZip}, nil
}

// arnField returns a field of an ARN, "" if it has fewer: 3 is the region, 4 the account,
// 6 a function's name and 7 its version or alias.
func arnField(arn string, index int) string {
	return append(strings.Split(arn, ":"), "", "", "", "", "", "", "", "")[index]
}
