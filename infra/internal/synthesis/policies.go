package synthesis

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// A policy is what a cache policy or an origin request policy of CloudFront
// forwards to the origin.
type policy struct {
	name  string // of a managed policy, or the construct's path
	known bool   // false for an imported policy, of which only the id is known

	// caches reports whether responses can be cached. Only cache policies do.
	caches bool

	headers, cookies, queryStrings selection
}

// A selection is a set of names, or all names but those.
type selection struct {
	all   bool
	names []string // headers in lower case
}

func (s selection) picks(name string) bool { return s.all != slices.Contains(s.names, name) }

// covers reports whether s has all names of other.
func (s selection) covers(other selection) bool {
	if other.all {
		missing := func(name string) bool { return !slices.Contains(other.names, name) }
		return s.all && !slices.ContainsFunc(s.names, missing)
	}
	return !slices.ContainsFunc(other.names, func(name string) bool { return !s.picks(name) })
}

var (
	everything = selection{all: true}
	hostHeader = selection{names: []string{"host"}}
)

// managedPolicies are the managed policies that forward Host, and those that apps
// use without it. Any other counts as imported.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
var managedPolicies = map[string]policy{
	"4135ea2d-6df8-44a3-9df3-4b5a84be39ad": {name: "CachingDisabled"},
	"658327ea-f89d-4fab-a63d-7e88639e58f6": {name: "CachingOptimized", caches: true},
	"83da9c7e-98b4-4e11-a168-04f0df8e2c65": {name: "UseOriginCacheControlHeaders", caches: true, headers: hostHeader},
	"4cc15a8a-d715-48a4-82b8-cc0b614638fe": {name: "UseOriginCacheControlHeaders-QueryStrings", caches: true, headers: hostHeader},
	"2e54312d-136d-493c-8eb9-b001f22f67d2": {name: "Amplify", caches: true, headers: hostHeader},

	"216adef6-5c7f-47e4-b989-5492eafa07d3": {name: "AllViewer", headers: everything},
	"33f36d7e-f396-46d9-90e0-52428a34d9dc": {name: "AllViewerAndCloudFrontHeaders-2022-06", headers: everything},
	"bf0718e1-ba1e-49d1-88b1-f726733018ae": {name: "HostHeaderOnly", headers: hostHeader},
	"b689b0a8-53d0-40ab-baf2-68738e2966ac": {
		name: "AllViewerExceptHostHeader", headers: selection{all: true, names: hostHeader.names}, cookies: everything, queryStrings: everything,
	},
}

// A policyResource is a cache policy or an origin request policy of the app.
type policyResource interface {
	construct.Inspectable
	AttrId() *string
}

// policies finds the policies that a distribution refers to.
type policies struct {
	distribution awscloudfront.CfnDistribution
	resources    []policyResource
	own          map[string]*policy // by the reference, in JSON
}

// find returns the policy that has an id in the distribution's properties, or nil
// if the id is nil.
func (p *policies) find(id any) *policy {
	if id == nil {
		return nil
	}
	if id, ok := id.(string); ok {
		managed, known := managedPolicies[id]
		if !known {
			return &policy{name: id, caches: true}
		}
		managed.known = true
		return &managed
	}
	if p.own == nil {
		p.own = map[string]*policy{}
		for _, resource := range p.resources {
			p.add(resource)
		}
	}
	if own, ok := p.own[inJSON(id)]; ok {
		return own
	}
	return &policy{name: inJSON(id), caches: true}
}

// add adds a policy of the app by the references to it. In another stack, a
// reference that looks as in the policy's own isn't one to this policy, but to a
// resource of that stack with the same logical id.
func (p *policies) add(resource policyResource) {
	stack, own := p.distribution.Stack(), resource.Stack()
	for _, reference := range []*string{resource.Ref(), resource.AttrId()} {
		id := inJSON(stack.Resolve(reference))
		if *stack.Node().Addr() == *own.Node().Addr() || id != inJSON(own.Resolve(reference)) {
			p.own[id] = newPolicy(resource)
		}
	}
}

// newPolicy returns a policy of the app. It isn't known if it depends on values
// that are only known at deployment.
func newPolicy(resource policyResource) *policy {
	properties := construct.ResolvedProperties(resource)
	forwarded := construct.ObjectOf(properties["originRequestPolicyConfig"])
	p := &policy{name: strings.TrimSuffix(*resource.Node().Path(), "/Resource"), known: true}
	if config, ok := properties["cachePolicyConfig"].(map[string]any); ok {
		forwarded = construct.ObjectOf(config["parametersInCacheKeyAndForwardedToOrigin"])
		p.caches = config["maxTtl"] != 0.0
	}
	p.headers = p.selection(forwarded, "headers")
	for i, name := range p.headers.names {
		p.headers.names[i] = strings.ToLower(name)
	}
	p.cookies, p.queryStrings = p.selection(forwarded, "cookies"), p.selection(forwarded, "queryStrings")
	return p
}

// selection reads what a policy selects of headers, cookies or queryStrings.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginRequestPolicyHeadersConfig.html
func (p *policy) selection(forwarded map[string]any, kind string) selection {
	config := construct.ObjectOf(forwarded[kind+"Config"])
	behavior, ok := config[strings.TrimSuffix(kind, "s")+"Behavior"].(string)
	p.known = p.known && ok
	s := selection{all: slices.Contains([]string{"all", "allExcept", "allViewer", "allViewerAndWhitelistCloudFront"}, behavior)}
	if behavior == "whitelist" || behavior == "allExcept" {
		names, _ := config[kind].([]any)
		for _, name := range names {
			if name, ok := name.(string); ok {
				s.names = append(s.names, name)
			}
		}
		p.known = p.known && len(s.names) > 0 && len(s.names) == len(names)
	}
	return s
}

func inJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}
