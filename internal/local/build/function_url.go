package build

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// functionURLProperties are those of AWS::Lambda::Url.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html
type functionURLProperties struct {
	AuthType          string
	Cors              *functionurl.CORS
	InvokeMode        string
	Qualifier         string
	TargetFunctionArn string

	Unknown template.Unknown
}

// An endpoint is a function URL or a REST API with what serves it, or what is in the
// place of that.
type endpoint struct {
	server

	path, id, region, domain string
	authType, invokeMode     string    // of a function URL
	stage, try               string    // of a REST API, the first one, and a request that it takes
	function                 *function // of a function URL, or nil
}

// A server serves clients, and distributions.
type server interface {
	http.Handler
	http.RoundTripper
}

// buildFunctionURLs makes the function URLs of the deployment.
func (b *builder) buildFunctionURLs() error {
	return each(b, "AWS::Lambda::Url", "", "", func(r *template.Resource, p functionURLProperties) error {
		built, err := b.buildFunctionURL(r, p)
		if err != nil {
			return err
		}
		b.check(r.Path, route{url: built}, functionURLRules, nil)
		b.checkOnlyURL(r)
		b.app.endpoints = append(b.app.endpoints, built)
		b.app.Parts = append(b.app.Parts, b.functionURLPart(built, r))
		return nil
	})
}

// checkOnlyURL finds that a function, or a version or alias of it, has a function URL
// already.
func (b *builder) checkOnlyURL(r *template.Resource) {
	target, err := r.Ref() // the ARN of what the URL belongs to
	if err != nil {
		return // Decode has reported it
	}
	if other, ok := b.urlOf[target]; ok {
		b.foundAt("second-url", "can't be deployed", wrong(r, "TargetFunctionArn", "remove one, or attach it to another alias",
			"%s already has the function URL %s, and Lambda allows one", target, other))
		return
	}
	b.urlOf[target] = r.Path
}

// functionURLPart returns what has the address of a function URL.
func (b *builder) functionURLPart(u *endpoint, r *template.Resource) Part {
	key := b.keys.addPerson(r.Account)
	host := u.id + ".lambda-url." + u.region + ".localhost"
	try := ""
	if u.authType == functionurl.AuthTypeNone {
		try = "GET /"
	}
	return Part{Kind: "function URL", Handler: u, Try: try, Path: u.path, Hosts: []string{host, u.domain}, Describe: func(port string) []string {
		lines := []string{"http://" + net.JoinHostPort(host, port) + "/"}
		switch served := u.server.(type) {
		case *replacement:
			lines = append(lines, "served by "+served.base.String()+" in place of the function")
		case stub:
			lines = append(lines, "not served: every request gets 501")
		default:
			lines = append(lines, describe(u.function.running.Config()))
		}
		if u.authType == functionurl.AuthTypeIAM {
			lines = append(lines, "signed requests only: curl --aws-sigv4 aws:amz:"+u.region+":lambda --user "+key+":"+SecretAccessKey)
		}
		return lines
	}}
}

// buildFunctionURL makes a function URL: the replacement of Options.Origins, the
// function of the template or, if it isn't supported, a stub.
func (b *builder) buildFunctionURL(r *template.Resource, p functionURLProperties) (*endpoint, error) {
	address, err := r.Attribute("FunctionUrl")
	if err != nil {
		return nil, err
	}
	domain := strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/")
	id, _, _ := strings.Cut(domain, ".")
	made := &endpoint{path: r.Path, id: id, region: r.Region, domain: domain, authType: p.AuthType, invokeMode: p.InvokeMode}
	if p.Unknown.Err != nil {
		made.server = b.stub(p.Unknown.Err, r.LogicalID)
		return made, nil
	}
	target, _, err := b.functionNamed(p.TargetFunctionArn)
	names := []string{r.Path, r.LogicalID}
	if target != nil {
		names = []string{target.LogicalID, target.Path, r.Path, r.LogicalID}
	}
	replaced, invalid := b.replacement(names...)
	if invalid != nil {
		return nil, invalid
	}
	if replaced != nil {
		made.server = replaced
		return made, nil
	}
	err = fault.At(r.Path, fault.In("TargetFunctionArn", err))
	if err == nil {
		err = b.serveFunction(made, r, target, p)
	}
	if errors.Is(err, template.ErrUnsupported) {
		made.server = b.stub(err, names[0])
		return made, nil
	}
	return made, err
}

// serveFunction puts the function that target defines behind a function URL.
func (b *builder) serveFunction(made *endpoint, r, target *template.Resource, p functionURLProperties) (err error) {
	var permissions []*iam.Policy
	if made.function, permissions, err = b.invocable(target, p.Qualifier); err != nil {
		return err
	}
	config := made.function.config
	made.server = functionurl.New(functionurl.Config{
		ID:           made.id,
		Path:         r.Path,
		Region:       r.Region,
		Account:      r.Account,
		FunctionName: config.Name,
		FunctionARN:  config.ARN,
		AuthType:     p.AuthType,
		InvokeMode:   p.InvokeMode,
		CORS:         p.Cors,
		Policies:     permissions,
		Access:       b.access(permissions),
		Paths:        b.paths,
		Invoke:       made.function.invoke,
		Verifier:     &sigv4.Verifier{Lookup: b.keys.lookup},
		PlainHTTP:    !b.options.TLS,
		Throttle:     b.options.Throttle,
	}, b.log)
	return nil
}

// invocable returns a function and the permissions of the version or alias that the
// qualifier names.
func (b *builder) invocable(target *template.Resource, qualifier string) (*function, []*iam.Policy, error) {
	made, err := b.functions.of(target, false)
	if err != nil {
		return nil, nil, err
	}
	b.paths[made.config.ARN] = target.Path
	if err := b.adviseAlias(made.config.ARN, qualifier); err != nil {
		return nil, nil, err
	}
	permissions, err := b.permissions(target, made.config.ARN, qualifier)
	return made, permissions, err
}

// matchFunctionName reports whether a name is that of the function that r
// defines, and returns the version or alias in it. A name is a function's name,
// its ARN, or account:function:name, each with an optional :qualifier.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func matchFunctionName(r *template.Resource, name string) (qualifier string, ok bool) {
	function, err := r.Attribute("Ref")
	if err != nil {
		return "", false
	}
	arn, err := r.Attribute("Arn")
	if err != nil {
		return "", false
	}
	for _, form := range []string{arn, r.Account + ":function:" + function, function} {
		if name == form {
			return "", true
		}
		if rest, found := strings.CutPrefix(name, form+":"); found && !strings.Contains(rest, ":") {
			return rest, true
		}
	}
	return "", false
}
