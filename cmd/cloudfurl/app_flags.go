package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// flagGroups are the headings of flags in help.
var flagGroups = []kong.Group{
	{Key: "source", Title: "The app:"},
	{Key: "address", Title: "Where:"},
	{Key: "replace", Title: "What runs instead of AWS's (each may be repeated):"},
	{Key: "value", Title: "Values that no template has (each may be repeated):"},
}

type templateFlags struct {
	Template  []string `group:"source" sep:"none" placeholder:"FILE" help:"A CloudFormation or SAM template; may be repeated. [STACK[@REGION]=]FILE sets its stack (default: the file's name) and region (default: $AWS_REGION or us-east-1)."`
	Parameter pairs    `group:"value" placeholder:"[STACK.]NAME=VALUE" help:"A parameter of a template. STACK.OUTPUT as value is another stack's output."`

	valueFlags
}

// read returns the templates, and the options of the flags. An error is about a value
// that a flag can't have.
func (f *templateFlags) read() (source local.Source, options build.Options, err error) {
	for _, text := range f.Template {
		file, err := templatefile.ParseFile(text)
		if err != nil {
			return source, options, fault.At("--template", err)
		}
		source.Templates = append(source.Templates, file)
	}
	options.Parameters = f.Parameter
	options.Values, err = f.valueFlags.read()
	return source, options, err
}

// stackFlags name stacks on AWS.
type stackFlags struct {
	Stack  []string `group:"source" sep:"none" placeholder:"NAME" help:"A stack that is deployed; may be repeated. NAME@REGION is one in another region."`
	Region string   `group:"source" placeholder:"REGION" help:"The region of stacks (default: that of the environment, or of AWS_PROFILE)."`
}

// appFlags are the flags of commands that serve the assembly of an app, with what
// stands in for what it doesn't have.
type appFlags struct {
	Assembly string `group:"source" placeholder:"DIR" help:"What the CDK app was synthesized to (default without --template: cdk.out)."`

	templateFlags

	Function pairs `group:"replace" placeholder:"ARN=FUNCTION" help:"Run a function of the app in place of one that it imports, or of its version."`
	Origin   pairs `group:"replace" placeholder:"ID=URL" help:"Serve a URL in place of an origin, by its ID or domain name, or of the function or bucket behind it."`
	Run      pairs `group:"replace" placeholder:"FUNCTION=COMMAND" help:"Run a function by a shell command with this machine's programs, not by its runtime or image."`
	Layer    pairs `group:"replace" placeholder:"ARN=PATH" help:"Use a directory or zip archive as a layer of another app (default for AWS's Lambda Web Adapter: a stand-in)."`
	S3       pairs `group:"replace" name:"s3" placeholder:"BUCKET=DIR" help:"Serve a directory as a bucket (default: the files that the app deploys into it)."`
	KVS      pairs `group:"replace" name:"kvs" placeholder:"STORE=FILE" help:"Read a key value store from a file like {\"data\":[{\"key\":\"…\",\"value\":\"…\"}]} (default: the pairs in the template)."`
	Env      pairs `group:"value" placeholder:"FUNCTION.NAME=VALUE" help:"An environment variable of a function."`
}

// read returns where the stacks come from, and the options of the flags.
func (f *appFlags) read() (source local.Source, options build.Options, err error) {
	source, options, err = f.templateFlags.read()
	source.Assembly = f.Assembly
	options.Functions, options.Buckets, options.KeyValueStores, options.Origins = f.Function, f.S3, f.KVS, f.Origin
	options.Layers, options.Commands, options.Variables = f.Layer, f.Run, f.Env
	return source, options, err
}

// defaultAssembly is the directory that the CDK CLI synthesizes to.
const defaultAssembly = "cdk.out"

// valueFlags are the flags with values that no template has. Secrets belong
// in a file or variable: other users of the machine can read command lines.
type valueFlags struct {
	Value     pairs    `group:"value" placeholder:"NAME=VALUE" help:"Any other value. NAME is LogicalID.Attribute, or the text in {{resolve:…}}."`
	ValueEnv  pairs    `group:"value" placeholder:"NAME=VARIABLE" help:"Such a value from an environment variable, for secrets."`
	ValueFile []string `group:"value" sep:"none" placeholder:"FILE" help:"Such values from a file with a NAME=VALUE on each line."`
}

// read returns the values by name. A name may be set once.
func (f *valueFlags) read() (map[string]string, error) {
	for _, name := range slices.Sorted(maps.Keys(f.ValueEnv)) {
		variable := f.ValueEnv[name]
		value, ok := os.LookupEnv(variable)
		if !ok {
			return nil, fault.At("--value-env", fault.New("export it, or use --value-file", "the environment variable %s isn't set", variable))
		}
		if err := f.Value.add(name+"="+value, "NAME=VALUE"); err != nil {
			return nil, fault.At("--value-env", err)
		}
	}
	for _, file := range f.ValueFile {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.At("--value-file", fault.New("name a file with a NAME=VALUE on each line", "%w", err))
		}
		number := 0
		for line := range strings.Lines(string(content)) {
			number++
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if err := f.Value.add(line, "NAME=VALUE"); err != nil {
				return nil, fault.At(file, fault.In(fmt.Sprintf("line %d", number), err))
			}
		}
	}
	return f.Value, nil
}

// pairs are values by name, of a flag that may be repeated. A name may have one value
// only.
type pairs map[string]string

// Decode adds a value of the command line. Errors don't show it: it may be a secret.
func (p *pairs) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("value", &text); err != nil {
		return err
	}
	return p.add(text, ctx.Value.Tag.PlaceHolder)
}

// add adds a value of a form such as BUCKET=DIR.
func (p *pairs) add(text, form string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" || value == "" {
		return fault.New("write "+form, "needs a name and a value")
	}
	if _, twice := (*p)[name]; twice {
		return fault.New("set it once", "%s is set twice", name)
	}
	if *p == nil {
		*p = pairs{}
	}
	(*p)[name] = value
	return nil
}
