package deployed

import (
	"os"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// Types of resources on the path.
const (
	typeFunction     = "AWS::Lambda::Function"
	typeVersion      = "AWS::Lambda::Version"
	typeAlias        = "AWS::Lambda::Alias"
	typeURL          = "AWS::Lambda::Url"
	typePermission   = "AWS::Lambda::Permission"
	typeDistribution = "AWS::CloudFront::Distribution"
	typeRole         = "AWS::IAM::Role"
)

// A resource is one of a stack, with its name on AWS.
type resource struct {
	stack              *assembly.Stack
	id, kind, physical string
}

// at returns the resource of a type that has a name on AWS, in a region if the type has
// regions. One that no stack has gets a stack that stands for its region.
func (r *reader) at(kind, physical, region string) *resource {
	regional := strings.HasPrefix(kind, "AWS::Lambda::")
	for _, known := range r.resources {
		if known.kind == kind && known.physical == physical && (!regional || known.stack.Region == region) {
			return known
		}
	}
	made := &resource{id: kind + " " + physical, kind: kind, physical: physical}
	for _, s := range r.stacks {
		if s.Name == "" && s.Region == region {
			made.stack = s
		}
	}
	if made.stack == nil {
		made.stack = &assembly.Stack{ID: "other stacks in " + region, Region: region, Account: r.stacks[0].Account,
			Identities: map[string]map[string]string{}, Files: r.stacks[0].Files, Template: map[string]any{"Resources": map[string]any{}}}
		r.stacks = append(r.stacks, made.stack)
	}
	made.set(map[string]any{})
	made.raw()["Metadata"] = map[string]any{"aws:cdk:path": physical}
	made.identify("Ref", physical)
	r.resources = append(r.resources, made)
	return made
}

// all are the resources of the template, by logical id.
func (r *resource) all() map[string]any {
	all, _ := r.stack.Template["Resources"].(map[string]any)
	return all
}

// raw returns the resource in its template, nil if that doesn't have it.
func (r *resource) raw() map[string]any {
	raw, _ := r.all()[r.id].(map[string]any)
	return raw
}

// properties returns those of the template, without what a transform left to AWS.
func (r *resource) properties() map[string]any {
	properties, ok := r.raw()["Properties"].(map[string]any)
	if !ok {
		properties = map[string]any{}
	}
	return properties
}

// set puts properties into the template. The resource exists, whatever its condition says.
func (r *resource) set(properties map[string]any) {
	raw := r.raw()
	if raw == nil {
		raw = map[string]any{}
		r.all()[r.id] = raw
	}
	delete(raw, "Condition")
	raw["Type"], raw["Properties"] = r.kind, properties
}

// remove takes the resource out of the template, except for its path and what Ref returns.
func (r *resource) remove() {
	if raw := r.raw(); raw != nil {
		raw["Type"] = "removed"
	}
}

// exists reports whether the template has the resource.
func (r *resource) exists() bool { return r.raw()["Type"] == r.kind }

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

// codeKey stands for the code of functions, which isn't read.
const codeKey = "deployed"

func noCode() (assembly.Asset, error) {
	return assembly.Asset{Path: os.DevNull, Packaging: assembly.PackagingZip}, nil
}

// arnField returns a field of an ARN, "" if it has fewer: 3 is the region, 4 the account,
// 6 a function's name and 7 its version or alias.
func arnField(arn string, index int) string {
	if fields := strings.Split(arn, ":"); index < len(fields) {
		return fields[index]
	}
	return ""
}
