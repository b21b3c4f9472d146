package infra_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// rejection returns the *Error that f panics with. Another panic, such as that of
// a nil pointer, isn't one that Explain can print.
func rejection(t *testing.T, f func()) (err *infra.Error) {
	t.Helper()
	defer func() {
		reason := recover()
		invalid, ok := reason.(*infra.Error)
		if !ok {
			t.Fatalf("got a panic with %T %v, want an *Error", reason, reason)
		}
		err = invalid
	}()
	f()
	return nil
}

// wantRejection fails unless f panics with an *Error that begins with a text and
// contains others.
func wantRejection(t *testing.T, f func(), begins string, contains ...string) {
	t.Helper()
	got := rejection(t, f).Error()
	if !strings.HasPrefix(got, begins) {
		t.Errorf("got %q, want it to begin with %q", got, begins)
	}
	for _, want := range contains {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want it to say %q", got, want)
		}
	}
}

// constructors are the functions that define a construct, called without props.
var constructors = map[string]func(scope constructs.Construct, id *string){
	"NewAccessLogs":                   func(scope constructs.Construct, id *string) { infra.NewAccessLogs(scope, id, nil) },
	"NewBedrockModel":                 func(scope constructs.Construct, id *string) { infra.NewBedrockModel(scope, id, nil) },
	"NewBodyHasher":                   func(scope constructs.Construct, id *string) { infra.NewBodyHasher(scope, id, nil) },
	"NewDomain":                       func(scope constructs.Construct, id *string) { infra.NewDomain(scope, id, nil) },
	"NewEdgeStack":                    func(scope constructs.Construct, id *string) { infra.NewEdgeStack(scope, id, nil) },
	"NewEndpoint":                     func(scope constructs.Construct, id *string) { infra.NewEndpoint(scope, id, nil) },
	"Endpoint_FromEndpointAttributes": func(scope constructs.Construct, id *string) { infra.Endpoint_FromEndpointAttributes(scope, id, nil) },
	"NewHandlerFunction":              func(scope constructs.Construct, id *string) { infra.NewHandlerFunction(scope, id, nil) },
	"NewMonitoring":                   func(scope constructs.Construct, id *string) { infra.NewMonitoring(scope, id, nil) },
	"NewOriginalHost":                 func(scope constructs.Construct, id *string) { infra.NewOriginalHost(scope, id, nil) },
	"NewStaticFiles":                  func(scope constructs.Construct, id *string) { infra.NewStaticFiles(scope, id, nil) },
	"NewStreamingFunctionUrl":         func(scope constructs.Construct, id *string) { infra.NewStreamingFunctionUrl(scope, id, nil) },
	"NewStreamingOrigin":              func(scope constructs.Construct, id *string) { infra.NewStreamingOrigin(scope, id, nil) },
	"NewWebAcl":                       func(scope constructs.Construct, id *string) { infra.NewWebAcl(scope, id, nil) },
	"NewPageCache":                    func(scope constructs.Construct, id *string) { infra.NewPageCache(scope, id, nil) },
}

// outsideOfStacks are the constructors whose scope may be an app or a stage.
var outsideOfStacks = map[string]bool{"NewEdgeStack": true}

// optionalProps are the constructors that need no props.
var optionalProps = map[string]bool{"NewBodyHasher": true, "NewEdgeStack": true, "NewOriginalHost": true, "NewPageCache": true, "NewWebAcl": true}

func TestConstructors_are_all_in_the_table(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil || !function.Name.IsExported() || len(function.Type.Params.List) < 2 {
				continue
			}
			params := function.Type.Params.List
			if params[0].Names[0].Name == "scope" && params[1].Names[0].Name == "id" && constructors[function.Name.Name] == nil {
				t.Errorf("%s isn't in the table of constructors: add it", function.Name.Name)
			}
		}
	}
}

func TestConstructors_reject_a_place_that_isn_t_one(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	id, empty := jsii.String("Bad"), jsii.String("")
	for name, construct := range constructors {
		t.Run(name, func(t *testing.T) {
			wantRejection(t, func() { construct(nil, id) }, "Bad: got no scope: pass the stack")
			wantRejection(t, func() { construct((*infra.Endpoint)(nil), id) }, "Bad: got no scope")
			wantRejection(t, func() { construct(nil, nil) }, "construct: got no scope")
			wantRejection(t, func() { construct(stack, nil) }, "Consumer: got a construct without an id", `jsii.String("Api")`)
			wantRejection(t, func() { construct(stack, empty) }, "Consumer: got a construct without an id")
			if !outsideOfStacks[name] {
				wantRejection(t, func() { construct(app, id) }, "Bad: got a scope outside of stacks: pass an awscdk.Stack")
				wantRejection(t, func() { construct(awscdk.NewStage(app, jsii.String("Stage"+name), nil), id) }, "Stage"+name+"/Bad: got a scope outside of stacks")
			}
			if !optionalProps[name] {
				wantRejection(t, func() { construct(stack, id) }, "Consumer/Bad: ", ": set ")
			}
		})
	}
}

func TestFunctions_reject_a_construct_that_is_nil(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	files := infra.NewStaticFiles(stack, jsii.String("Files"), &infra.StaticFilesProps{Directory: jsii.String(siteDirectory), PathPatterns: jsii.Strings("/index.html")})
	endpoint := newEndpoint(stack, infra.EndpointProps{})
	for name, test := range map[string]struct {
		call func()
		want string
	}{
		"EdgeStackOf":              {func() { infra.EdgeStackOf(nil) }, "EdgeStackOf: got no scope"},
		"StreamingBehavior":        {func() { infra.StreamingBehavior(nil, nil) }, "StreamingBehavior: got no scope"},
		"StreamingBehavior in app": {func() { infra.StreamingBehavior(app, nil) }, "got a scope outside of stacks"},
		"AddStreamingBehavior":     {func() { infra.AddStreamingBehavior(nil, jsii.String("/api/*"), nil) }, "AddStreamingBehavior: got no distribution"},
		"nil pattern":              {func() { infra.AddStreamingBehavior(endpoint.Distribution, nil, nil) }, "Consumer/Api/Distribution: AddStreamingBehavior got no path pattern"},
		"empty pattern":            {func() { infra.AddStreamingBehavior(endpoint.Distribution, jsii.String(""), nil) }, "Consumer/Api/Distribution: AddStreamingBehavior got no path pattern"},
		"nil key group": {func() {
			infra.AddStreamingBehavior(endpoint.Distribution, jsii.String("/api/*"), &infra.StreamingBehaviorProps{TrustedKeyGroups: &[]awscloudfront.IKeyGroup{nil}})
		}, "Consumer/Api/Distribution: got nil in TrustedKeyGroups"},
		"VersionIn":    {func() { endpoint.BodyHasher.VersionIn(nil) }, "VersionIn: got no scope"},
		"AddBehaviors": {func() { files.AddBehaviors(nil) }, "Consumer/Files: AddBehaviors got no distribution"},
		"AddBehavior":  {func() { endpoint.AddBehavior(nil, &infra.BehaviorProps{}) }, "Consumer/Api: got a construct without an id"},
	} {
		t.Run(name, func(t *testing.T) { wantRejection(t, test.call, test.want) })
	}
}

func TestProps_without_a_value_are_rejected(t *testing.T) {
	handler := infra.GoHandler("./testdata/handler")
	for name, test := range map[string]struct {
		props infra.EndpointProps
		want  string
	}{
		"nil name":           {infra.EndpointProps{DomainNames: &[]*string{nil}}, "got nil in DomainNames: remove it"},
		"nil pattern":        {infra.EndpointProps{PathPatterns: &[]*string{jsii.String("/a"), nil}}, "got nil in PathPatterns"},
		"nil key group":      {infra.EndpointProps{TrustedKeyGroups: &[]awscloudfront.IKeyGroup{nil}}, "got nil in TrustedKeyGroups"},
		"nil layer":          {infra.EndpointProps{FunctionOptions: &awslambda.FunctionOptions{Layers: &[]awslambda.ILayerVersion{nil}}}, "got nil in FunctionOptions.Layers"},
		"nil variable":       {infra.EndpointProps{FunctionOptions: &awslambda.FunctionOptions{Environment: &map[string]*string{"MODEL": nil}}}, "got nil in FunctionOptions.Environment.MODEL"},
		"nil exposed header": {infra.EndpointProps{Cors: &awscloudfront.ResponseHeadersCorsBehavior{AccessControlExposeHeaders: &[]*string{nil}}}, "got nil in Cors.AccessControlExposeHeaders"},
		"nil rule":           {infra.EndpointProps{WebAcl: &infra.WebAclProps{CountedRules: &[]*string{nil}}}, "got nil in WebAcl.CountedRules"},
		"nil static pattern": {infra.EndpointProps{StaticFiles: &infra.StaticFilesProps{PathPatterns: &[]*string{nil}}}, "got nil in StaticFiles.PathPatterns"},
		"empty file":         {infra.EndpointProps{ViewerRequestFile: jsii.String("")}, "got an empty ViewerRequestFile: set it, or leave it out"},
		"empty web ACL":      {infra.EndpointProps{WebAclId: jsii.String("")}, "got an empty WebAclId"},
		"empty alias":        {infra.EndpointProps{Alias: &infra.AliasOptions{AliasName: jsii.String("")}}, "got an empty Alias.AliasName"},
		"enum of CloudFront": {infra.EndpointProps{PriceClass: "PriceClass_100"}, `got PriceClass "PriceClass_100": use one of awscdk's constants`},
	} {
		t.Run(name, func(t *testing.T) {
			test.props.Handler = handler
			stack := newStack(newApp(), "Consumer", "us-east-1")
			wantRejection(t, func() { infra.NewEndpoint(stack, jsii.String("Bad"), &test.props) }, "Consumer/Bad: "+test.want)
		})
	}
	stack := newStack(newApp(), "Consumer", "us-east-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{Comment: jsii.String("")})
	wantRejection(t, func() {
		infra.NewMonitoring(stack, jsii.String("Bad"), &infra.MonitoringProps{Endpoint: endpoint, AlarmTopics: &[]awssns.ITopic{nil}})
	}, "Consumer/Bad: got nil in AlarmTopics")
}
