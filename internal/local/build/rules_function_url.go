package build

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// functionURLRules return what is wrong with a function URL, or nil.
var functionURLRules = []func(*endpoint) *Finding{
	(*endpoint).denied,
	(*endpoint).pythonStream,
	(*endpoint).adapterMode,
	(*endpoint).vpcStream,
}

// checkFunctionURL applies the rules, and finds that a function, or a version or alias
// of it, has a function URL already.
func (b *builder) checkFunctionURL(r *template.Resource, u *endpoint) {
	report := func(f *Finding) {
		if f != nil {
			f.Path = r.Path
			b.found(*f)
		}
	}
	for _, rule := range functionURLRules {
		report(rule(u))
	}
	target, err := r.Ref() // the ARN of what the URL belongs to
	if err != nil {
		return // Decode has reported it
	}
	if other, ok := b.urlOf[target]; ok {
		report(&Finding{
			Rule: "second-url", Property: "TargetFunctionArn", Happens: "can't be deployed",
			Cause: target + " already has the function URL " + other + ", and Lambda allows one",
			Hint:  "remove one, or attach it to another alias",
		})
		return
	}
	b.urlOf[target] = r.Path
}

// denied: a public function URL lets nobody in.
func (u *endpoint) denied() *Finding {
	if u.authType != functionurl.AuthTypeNone {
		return nil // who calls isn't known
	}
	return denied("every request gets 403", denial(u, sigv4.Identity{}))
}

// streams reports whether a function of the app is behind an InvokeMode.
func (u *endpoint) streams() bool {
	return u.function != nil && u.invokeMode == functionurl.InvokeModeResponseStream
}

// pythonStream: the runtime can't stream.
func (u *endpoint) pythonStream() *Finding {
	if !u.streams() || !strings.HasPrefix(u.function.config.Runtime, "python") || wrapped(u.function.config) {
		return nil
	}
	return &Finding{
		Rule: "invoke-mode", Property: "InvokeMode", Happens: "viewers get the handler's result as it is, as JSON",
		Cause: "InvokeMode is RESPONSE_STREAM, and Lambda's Python runtimes can't stream",
		Hint:  "set InvokeMode to BUFFERED, or stream with Node.js or a provided runtime",
	}
}

// adapterMode: AWS's adapter responds in another mode than the function URL expects.
//
// See: https://github.com/awslabs/aws-lambda-web-adapter#configurations
func (u *endpoint) adapterMode() *Finding {
	const variable, stream = "AWS_LWA_INVOKE_MODE", "response_stream"
	if u.function == nil {
		return nil
	}
	mode, set := u.function.config.Environment[variable]
	f := &Finding{Rule: "invoke-mode", Property: "InvokeMode"}
	switch {
	case strings.EqualFold(mode, stream) && !u.streams():
		f.Happens, f.Cause = "every request gets 502", variable+" is "+stream+", and InvokeMode is BUFFERED"
		f.Hint = "set InvokeMode to RESPONSE_STREAM, or remove " + variable
	case u.streams() && u.function.config.Adapter && (!set || strings.EqualFold(mode, "buffered")):
		f.Happens, f.Cause = "viewers get the response as JSON, with its status and headers in it", "InvokeMode is RESPONSE_STREAM, and "+variable+" isn't "+stream
		f.Hint = "set " + variable + " to " + stream + ", or InvokeMode to BUFFERED"
	default:
		return nil
	}
	return f
}

// vpcStream: function URLs don't stream from a VPC.
func (u *endpoint) vpcStream() *Finding {
	if !u.streams() || !bool(u.function.properties.VpcConfig) {
		return nil
	}
	return &Finding{
		Rule: "vpc-stream", Property: "InvokeMode", Happens: "responses aren't streamed",
		Cause: "InvokeMode is RESPONSE_STREAM, " + u.function.r.Path + " is in a VPC, and function URLs don't stream from there",
		Hint:  "take the function out of the VPC, set InvokeMode to BUFFERED, or use a REST API with ResponseTransferMode STREAM",
	}
}
