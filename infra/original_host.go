package infra

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// OriginalHostProps are the properties of an OriginalHost. CloudFront runs one
// function at viewer-request, so they add what else it does.
type OriginalHostProps struct {
	// ViewerRequestFile is a JavaScript file for cloudfront-js-2.0 that declares
	// the function viewerRequest, which may be async. It gets the event, and
	// returns event.request or a response, which ends the request. Headers that a
	// viewer forged are removed before, and X-Original-Host is set after it. Its
	// path is relative to the working directory. It may have 8.9 KB, or 4.1 with
	// all other steps.
	//
	// Default: none
	ViewerRequestFile *string

	// KeyValueStore holds data and secrets for ViewerRequestFile, which reads
	// them with cf.kvs().
	//
	// Default: none
	KeyValueStore awscloudfront.IKeyValueStore

	// Authorization rejects requests without a usable OAuth access token.
	//
	// Default: no token is needed
	Authorization *AuthorizationOptions

	// BodyHashing is where request bodies are hashed. BodyHashing_VIEWER rejects
	// those whose hash the viewer didn't send. Give behaviors the same.
	//
	// Default: BodyHashing_EDGE
	BodyHashing BodyHashing

	// RejectDefaultDomain rejects requests for the distribution's cloudfront.net
	// name, in China cloudfront.cn, with a 403.
	//
	// Default: false
	RejectDefaultDomain *bool
}

// An OriginalHost defines the CloudFront Function original_host. At
// viewer-request it copies Host to X-Original-Host and X-Forwarded-Host, and
// Authorization to X-Original-Authorization, which a function URL wouldn't
// receive, and removes Accept-Encoding, because a stream must not be compressed.
//
// It overwrites or removes what a viewer sends under these names, and other
// headers by which frameworks take a request for one to another host, scheme or
// path, such as Forwarded and X-Original-URL, also with underscores for hyphens.
// So a handler behind the distribution can trust them. From GET and HEAD it
// removes X-Amz-Content-Sha256: they have no body.
type OriginalHost struct {
	construct.Base

	// Function is the CloudFront Function, on the runtime cloudfront-js-2.0. Its
	// name is unique over regions and stacks.
	Function awscloudfront.Function
}

// NewOriginalHost defines an OriginalHost. The props may be nil. It panics with
// an *Error if CloudFront can't run the ViewerRequestFile.
func NewOriginalHost(scope constructs.Construct, id *string, props *OriginalHostProps) *OriginalHost {
	defer construct.Within(scope, id, props)()
	props = construct.CopyOf(props)
	code := props.code(scope, id, "")
	h := new(OriginalHost)
	constructs.NewConstruct_Override(h, scope, id)
	h.Function = props.define(h, code, "Keeps the viewer's Host and Authorization")
	return h
}

// code returns the code of the function at viewer-request around the source of a
// handler, original_host if that is empty. It panics with an *Error about the
// construct id in scope if CloudFront couldn't run it.
func (p *OriginalHostProps) code(scope constructs.Construct, id *string, handler string) string {
	p.BodyHashing.check(scope, id)
	p.Authorization.check(scope, id, nil)
	viewer := edge.ViewerRequest{
		RejectDefaultDomain: p.RejectDefaultDomain != nil && *p.RejectDefaultDomain,
		Authorization:       p.Authorization.edge(),
		RequireHash:         p.BodyHashing == BodyHashing_VIEWER,
		Handler:             handler,
	}
	if p.ViewerRequestFile == nil {
		if p.KeyValueStore != nil {
			construct.Fail(scope, id, "got KeyValueStore without ViewerRequestFile: only that reads the store, set it or leave the store out")
		}
		return viewer.Source()
	}
	code, err := os.ReadFile(*p.ViewerRequestFile)
	if err != nil {
		construct.Fail(scope, id, "could not read ViewerRequestFile: %v", err)
	}
	viewer.Code = string(code)
	p.checkViewerRequest(scope, id, viewer)
	return viewer.Source()
}

// define defines the function that runs code.
func (p *OriginalHostProps) define(scope constructs.Construct, code, comment string) awscloudfront.Function {
	props := &awscloudfront.FunctionProps{
		Code:         awscloudfront.FunctionCode_FromInline(&code),
		Runtime:      awscloudfront.FunctionRuntime_JS_2_0(),
		FunctionName: construct.GlobalName(scope),
		Comment:      &comment,
	}
	if p.KeyValueStore != nil { // nil of one interface isn't nil of the other
		props.KeyValueStore = p.KeyValueStore
	}
	return awscloudfront.NewFunction(scope, jsii.String("Function"), props)
}

// checkViewerRequest panics with an *Error about the construct id in scope if
// CloudFront couldn't run the ViewerRequestFile.
func (p *OriginalHostProps) checkViewerRequest(scope constructs.Construct, id *string, viewer edge.ViewerRequest) {
	file := *p.ViewerRequestFile
	if excess := len(viewer.Source()) - cloudfrontjs.MaxCodeSize; excess > 0 {
		construct.Fail(scope, id, "got ViewerRequestFile %s of %d bytes, and %d fit in the function: remove comments, minify it, or move data to a KeyValueStore",
			file, len(viewer.Code), len(viewer.Code)-excess)
	}
	script, problems := cloudfrontjs.Parse(filepath.Base(file), viewer.Code, cloudfrontjs.Runtime2)
	if len(problems) > 0 {
		construct.Fail(scope, id, "got a ViewerRequestFile that CloudFront can't run: %s:%s", file, problems[0])
	}
	for _, name := range edge.ReservedNames {
		if place, ok := script.Lookup(name); ok {
			construct.Fail(scope, id, "got a ViewerRequestFile that declares %s, %s:%d: rename it to viewerRequest, or choose another name for a helper", name, file, place.Line)
		}
	}
	if _, ok := script.Lookup("viewerRequest"); !ok {
		construct.Fail(scope, id, "got ViewerRequestFile %s without a function viewerRequest: declare function viewerRequest(event), which returns event.request or a response", file)
	}
	if place, ok := script.Call("kvs"); ok && p.KeyValueStore == nil {
		construct.Fail(scope, id, "got a ViewerRequestFile that calls kvs(), %s:%d, without KeyValueStore: set the store", file, place.Line)
	}
}

// viewerFunctions are the functions at viewer-request of an endpoint's
// behaviors: one for all, and another only for behaviors that hash bodies
// elsewhere than the endpoint.
type viewerFunctions struct {
	scope constructs.Construct
	props OriginalHostProps
	other awscloudfront.Function
	all   []awscloudfront.Function
}

// define defines a function besides the endpoint's own.
func (f *viewerFunctions) define(scope constructs.Construct, id string, props OriginalHostProps) awscloudfront.Function {
	function := NewOriginalHost(scope, &id, &props).Function
	f.all = append(f.all, function)
	return function
}

// hashing returns where a behavior hashes bodies; own is what it was given.
func (f *viewerFunctions) hashing(own BodyHashing) BodyHashing {
	return cmp.Or(own, f.props.BodyHashing, BodyHashing_EDGE)
}

// function returns the function for a behavior, which is shared by default.
func (f *viewerFunctions) function(shared awscloudfront.Function, hashing BodyHashing, methods awscloudfront.AllowedMethods) awscloudfront.Function {
	if (hashing == BodyHashing_VIEWER) == (f.hashing("") == BodyHashing_VIEWER) || !acceptsBodies(methods) {
		return shared
	}
	if f.other == nil {
		id := "EdgeHashingOriginalHost"
		if hashing == BodyHashing_VIEWER {
			id = "ViewerHashingOriginalHost"
		}
		props := f.props
		props.BodyHashing = hashing
		f.other = f.define(f.scope, id, props)
	}
	return f.other
}

// authorizing defines the function of a behavior in scope that accepts other tokens
// than the endpoint.
func (f *viewerFunctions) authorizing(scope constructs.Construct, own *AuthorizationOptions, hashing BodyHashing) awscloudfront.Function {
	props := f.props
	props.Authorization, props.BodyHashing = own, hashing
	return f.define(scope, "OriginalHost", props)
}

// filesProps returns what the function of static files does besides finding
// them. They are public, have no request bodies, and their bucket gets no cookies.
func (f *viewerFunctions) filesProps() *OriginalHostProps {
	props := f.props
	props.Authorization, props.BodyHashing = nil, ""
	return &props
}

// originalHost returns the props of the endpoint's function at viewer-request.
func (p *EndpointProps) originalHost() (props OriginalHostProps) {
	construct.CopyFields(&props, p)
	return props
}
