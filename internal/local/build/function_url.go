package build

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
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
}

// A functionURL is a function URL, or what is served in its place.
type functionURL struct {
	path, region, domain, authType string

	url      *functionurl.URL
	function *function

	// instead serves in place of url, if it isn't nil.
	instead interface {
		http.Handler
		http.RoundTripper
	}
}

// ServeHTTP serves a client.
func (u *functionURL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if u.instead != nil {
		u.instead.ServeHTTP(w, r)
		return
	}
	u.url.Handler().ServeHTTP(w, r)
}

// RoundTrip serves a distribution.
func (u *functionURL) RoundTrip(r *http.Request) (*http.Response, error) {
	if u.instead != nil {
		return u.instead.RoundTrip(r)
	}
	return u.url.RoundTrip(r)
}

// Denial returns why a caller isn't let in.
func (u *functionURL) Denial(caller sigv4.Identity) *fault.Error {
	if u.instead != nil {
		return nil
	}
	return u.url.Denial(caller)
}

// buildFunctionURLs makes the function URLs of the deployment.
func (b *builder) buildFunctionURLs() error {
	resources, err := b.deployment.ResourcesOfType("AWS::Lambda::Url")
	if err != nil {
		return err
	}
	for _, r := range resources {
		built, err := b.buildFunctionURL(r)
		if err != nil {
			return err
		}
		b.adviseFunctionURL(r, built)
		b.app.urls = append(b.app.urls, built)
		b.app.Parts = append(b.app.Parts, b.functionURLPart(built, r))
	}
	return nil
}

// functionURLPart returns what has the address of a function URL.
func (b *builder) functionURLPart(u *functionURL, r *template.Resource) Part {
	key := b.keys.addPerson(r.Account)
	id, _, _ := strings.Cut(u.domain, ".")
	host := id + ".lambda-url." + u.region + ".localhost"
	return Part{Kind: "function URL", Handler: u, Path: u.path, Hosts: []string{host, u.domain}, Describe: func(port string) []string {
		lines := []string{"http://" + net.JoinHostPort(host, port) + "/"}
		switch served := u.instead.(type) {
		case *replacement:
			lines = append(lines, "served by "+served.base.String()+" in place of the function")
		case nil:
			lines = append(lines, describe(u.function.running.Config()))
		default:
			lines = append(lines, "not served: every request gets 501")
		}
		if u.authType == functionurl.AuthTypeIAM {
			lines = append(lines, "signed requests only: curl --aws-sigv4 aws:amz:"+u.region+":lambda --user "+key+":"+SecretAccessKey)
		}
		return lines
	}}
}

// buildFunctionURL makes a function URL: the replacement of Options.Origins, the
// function of the template or, if it isn't supported, a stub.
func (b *builder) buildFunctionURL(r *template.Resource) (*functionURL, error) {
	var p functionURLProperties
	if err := r.Decode(&p, b.log); err != nil {
		return nil, err
	}
	domain, err := functionURLDomain(r)
	if err != nil {
		return nil, err
	}
	made := &functionURL{path: r.Path, region: r.Region, domain: domain, authType: p.AuthType}
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
		made.instead = replaced
		return made, nil
	}
	err = fault.At(r.Path, fault.In("TargetFunctionArn", err))
	if err == nil {
		err = b.serveFunction(made, r, target, p)
	}
	if errors.Is(err, template.ErrUnsupported) {
		made.instead = b.stub(err, names[0])
		return made, nil
	}
	return made, err
}

// serveFunction puts the function that target defines behind a function URL.
func (b *builder) serveFunction(made *functionURL, r, target *template.Resource, p functionURLProperties) (err error) {
	var arn string
	if made.function, arn, err = b.functions.of(target, false); err != nil {
		return err
	}
	if err := b.adviseAlias(target, p.Qualifier); err != nil {
		return err
	}
	permissions, err := b.permissions(target, arn, p.Qualifier)
	if err != nil {
		return err
	}
	name, err := target.Attribute("Ref")
	if err != nil {
		return err
	}
	if config := made.function.config; p.InvokeMode == functionurl.InvokeModeResponseStream && strings.HasPrefix(config.Runtime, "python") && !wrapped(config) {
		// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
		fault.Log(b.log, slog.LevelWarn, r.Path+": viewers get the handler's result as it is, as JSON",
			"InvokeMode is RESPONSE_STREAM, and Lambda's Python runtimes can't stream",
			"set InvokeMode to BUFFERED, or stream with Node.js or a provided runtime")
	}
	id, _, _ := strings.Cut(made.domain, ".")
	made.url, err = functionurl.New(functionurl.Config{
		ID:           id,
		Region:       r.Region,
		Account:      r.Account,
		FunctionName: name,
		FunctionARN:  arn,
		AuthType:     p.AuthType,
		InvokeMode:   p.InvokeMode,
		CORS:         p.Cors,
		Policies:     permissions,
		Access:       b.access(permissions),
		Invoke:       made.function.invoke,
		Verifier:     &sigv4.Verifier{Lookup: b.keys.lookup},
		Throttle:     b.options.Throttle,
	}, b.log)
	return fault.At(r.Path, err)
}

// wrapped reports whether something else than the runtime may respond, such as
// AWS's web adapter.
func wrapped(config lambda.Config) bool {
	return config.Adapter || config.Environment["AWS_LAMBDA_EXEC_WRAPPER"] != ""
}

// access decides about callers of the function's account: roles of functions by
// their policies and those of the function, administrators always.
func (b *builder) access(granted []*iam.Policy) func(sigv4.Identity, iam.Request) *fault.Error {
	return func(caller sigv4.Identity, r iam.Request) *fault.Error {
		owner, ok := b.keys.roles[caller.Credentials.AccessKeyID]
		if !ok {
			return nil
		}
		denial := owner.denial(r, granted)
		if denial != nil { // the policies are read only now, so their errors are new
			denial.Problem = fault.Redact(denial, b.options.Values).Error()
			denial.Cure = cmp.Or(denial.Cure, "allow "+r.Action+" on the function in a policy of the role")
		}
		return denial
	}
}

func functionURLDomain(r *template.Resource) (string, error) {
	address, err := r.Attribute("FunctionUrl")
	if err != nil {
		return "", err
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return parsed.Host, nil
}

// permissionProperties are those of AWS::Lambda::Permission.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
type permissionProperties struct {
	Action                string
	FunctionName          string
	FunctionUrlAuthType   string
	InvokedViaFunctionUrl *bool
	Principal             string
	SourceAccount         string
	SourceArn             string

	EventSourceToken template.NoEffect
	PrincipalOrgID   template.Unsupported
}

// permissions returns the permissions of a function, or of the version or alias
// that the qualifier names.
func (b *builder) permissions(function *template.Resource, arn, qualifier string) ([]*iam.Policy, error) {
	resources, err := b.deployment.ResourcesOfType("AWS::Lambda::Permission")
	if err != nil {
		return nil, err
	}
	var policies []*iam.Policy
	for _, r := range resources {
		name, err := r.Text("FunctionName")
		if err != nil {
			return nil, err
		}
		if got, ok := matchFunctionName(function, name); !ok || got != qualifier {
			continue
		}
		if !r.Reaches(function) {
			fault.Log(b.log, slog.LevelError, r.Path+" can't be deployed, and permits nothing here",
				"it is in "+r.Account+"/"+r.Region+", and its function in "+function.Account+"/"+function.Region,
				"define the permission in the stack of the function")
			continue
		}
		var p permissionProperties
		if err := r.Decode(&p, b.log); err != nil {
			return nil, err
		}
		policies = append(policies, iam.New(r.Path, p.statement(arn)))
	}
	return policies, nil
}

// statement returns the statement that Lambda makes of a permission.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
// and https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
func (p permissionProperties) statement(arn string) iam.Statement {
	equals, conditions := map[string]any{}, map[string]any{}
	if p.SourceArn != "" {
		conditions["ArnLike"] = map[string]any{"AWS:SourceArn": p.SourceArn}
	}
	if p.SourceAccount != "" {
		equals["AWS:SourceAccount"] = p.SourceAccount
	}
	if p.FunctionUrlAuthType != "" {
		equals["lambda:FunctionUrlAuthType"] = p.FunctionUrlAuthType
	}
	if p.InvokedViaFunctionUrl != nil {
		conditions["Bool"] = map[string]any{"lambda:InvokedViaFunctionUrl": *p.InvokedViaFunctionUrl}
	}
	conditions["StringEquals"] = equals
	return iam.Statement{
		Effect: "Allow", Action: []string{p.Action}, Resource: iam.Literal{V: arn},
		Principal: iam.Literal{V: map[string]any{"AWS": p.Principal}}, Condition: iam.Literal{V: conditions},
	}
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
