package infra

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/bundle"
	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// appCodeProps are what the code of an app is made of.
type appCodeProps struct {
	dir     string
	runtime languageRuntime

	// files are what Lambda starts: one of them has to be part of the code.
	files  []string
	script *bundle.Script

	exclude    []string
	ignoreMode awscdk.IgnoreMode
}

// An appCode bundles an app. It implements awscdk.ILocalBundling.
type appCode struct {
	appCodeProps
	app bundle.App

	// err is why TryBundle failed.
	err error
}

// newAppCode returns the code of an app. It panics with an *Error if its
// dependencies can't be installed.
func newAppCode(scope constructs.Construct, architecture awslambda.Architecture, props *appCodeProps) *appCode {
	c := &appCode{appCodeProps: *props}
	c.app = bundle.App{
		Dir:     props.dir,
		CPUs:    cpus(scope, architecture),
		Exclude: props.exclude,
		Mode:    publish.Mode(props.ignoreMode),
		Script:  props.script,
		Cache:   bundle.UserCache(),
	}
	if props.runtime.python != "" {
		c.app.Python = pythonTarget(scope, architecture, props.runtime.python)
	} else {
		c.app.Node = nodeTarget(scope, architecture)
	}
	if err := c.app.Check(); err != nil {
		construct.Fail(scope, nil, "%v", err)
	}
	return c
}

// cpus returns what programs of an app may be for, by Lambda's names: the function's
// CPU, and this machine's if the code is for the local edge.
func cpus(scope constructs.Construct, architecture awslambda.Architecture) []string {
	names := []string{*architecture.Name()}
	local := contextOr(scope, "cloudfurl:goarch", "")
	if local == "" && contextOr(scope, "cloudfurl:python", "") != "" {
		local = runtime.GOARCH
	}
	for name, goName := range goArchitectures {
		if goName == local {
			names = append(names, name)
		}
	}
	return names
}

// pythonTarget returns what packages of Python are installed for.
func pythonTarget(scope constructs.Construct, architecture awslambda.Architecture, version string) *bundle.Python {
	if local := contextOr(scope, "cloudfurl:python", ""); local != "" {
		return &bundle.Python{Version: local, Native: true}
	}
	if system := contextOr(scope, "cloudfurl:goos", "linux"); system != "linux" {
		construct.Fail(scope, nil, "got the context key cloudfurl:goos %s and no cloudfurl:python: give it the version of this machine's python3, such as %s", system, version)
	}
	// Also checks the architecture.
	goArchitecture(scope, architecture)
	return &bundle.Python{Version: version, Architecture: *architecture.Name()}
}

// nodeTarget returns what packages of npm are installed for.
//
// See: https://nodejs.org/api/process.html#processarch
func nodeTarget(scope constructs.Construct, architecture awslambda.Architecture) *bundle.Node {
	system, cpu := contextOr(scope, "cloudfurl:goos", "linux"), contextOr(scope, "cloudfurl:goarch", goArchitecture(scope, architecture))
	if system == "windows" {
		system = "win32"
	}
	if cpu == "amd64" {
		cpu = "x64"
	}
	return &bundle.Node{OS: system, CPU: cpu}
}

// asset returns the code as an asset that CDK bundles.
func (c *appCode) asset() awslambda.Code {
	target, script := fmt.Sprintf("%+v %+v", c.app.Python, c.app.Node), ""
	if c.script != nil {
		script = c.script.Content
	}
	return awslambda.Code_FromAsset(jsii.String(c.dir), &awss3assets.AssetOptions{
		AssetHashType: awscdk.AssetHashType_OUTPUT,
		Bundling: &awscdk.BundlingOptions{
			Image: c.runtime.runtime.BundlingImage(),
			Local: c,
			// The local bundling doesn't read these. They are the key of CDK's
			// cache of bundled assets.
			Command:     jsii.Strings(append([]string{script, string(c.ignoreMode)}, c.exclude...)...),
			Environment: &map[string]*string{"TARGET": jsii.String(target)},
		},
	})
}

// failure returns why the app couldn't be bundled, or nil.
func (c *appCode) failure() error { return c.err }

// TryBundle makes the code in outputDir. It keeps a failure in err, as goBuild does
// and for the same reasons.
func (c *appCode) TryBundle(outputDir *string, _ *awscdk.BundlingOptions) *bool {
	if c.err = c.bundle(*outputDir); c.err != nil {
		os.RemoveAll(*outputDir)
	}
	return jsii.Bool(true)
}

func (c *appCode) bundle(outputDir string) error {
	// The assembly isn't part of the app.
	c.app.Assembly = filepath.Dir(outputDir)
	if err := c.app.Write(outputDir); err != nil {
		return err
	}
	if !hasFile(outputDir, c.files...) {
		return fmt.Errorf("the code of %s has no %s, which Lambda starts: correct Exclude", c.dir, c.files[0])
	}
	return nil
}
