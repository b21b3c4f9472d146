package main

import (
	"flag"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// appFlags are the flags of commands that read the assembly of an app, with what
// stands in for what it doesn't have.
type appFlags struct {
	source    local.Source
	templates []string
	options   build.Options
	json      bool
	values    valueFlags
}

// bind defines the flags.
func (f *appFlags) bind(flags *flag.FlagSet) {
	flags.StringVar(&f.source.Assembly, "assembly", "", "`directory` that the CDK app was synthesized to (default without --template: "+defaultAssembly+")")
	newListFlag(flags, &f.templates, "template", "[STACK[@REGION]=]FILE", "serve the stack of a CloudFormation or SAM template; may be repeated\n(default: STACK is the file's name, REGION is $AWS_REGION or us-east-1)")
	f.options.Parameters = newPairsFlag(flags, "parameter", "[STACK.]NAME=VALUE", "give a value to a parameter of a template; STACK.OUTPUT is an output of another stack;\nmay be repeated").pairs
	f.options.Functions = newPairsFlag(flags, "function", "ARN=FUNCTION", "run a function of the app, by logical ID or construct path, in place of a function or\nversion that it imports; may be repeated").pairs
	flags.BoolVar(&f.json, "json", false, "write the log as JSON lines")
	f.options.Buckets = newPairsFlag(flags, "s3", "BUCKET=DIR", "serve a directory as the content of a bucket, by logical ID or name; may be repeated\n(default: the files that the app deploys into it)").pairs
	f.options.KeyValueStores = newPairsFlag(flags, "kvs", "STORE=FILE", "read the pairs of a key value store, by logical ID or name, from a file like\n{\"data\":[{\"key\":\"…\",\"value\":\"…\"}]}; may be repeated (default: the pairs in the template)").pairs
	f.options.Origins = newPairsFlag(flags, "origin", "ID=URL", "serve a URL in place of an origin, by its ID or domain name, or of the function or\nbucket behind it, by logical ID or construct path; may be repeated").pairs
	f.options.Layers = newPairsFlag(flags, "layer", "ARN=PATH", "run functions with the content of a layer, a directory or zip archive, that the app\ndoesn't define; may be repeated (default for AWS's Lambda Web Adapter: a stand-in)").pairs
	f.options.Commands = newPairsFlag(flags, "run", "FUNCTION=COMMAND", "run a function by a shell command with this machine's programs, in place of its runtime\nor container image, by logical ID or construct path; may be repeated").pairs
	f.options.Variables = newPairsFlag(flags, "env", "FUNCTION.NAME=VALUE", "set an environment variable of a function, by logical ID or construct path;\nmay be repeated").pairs
	f.values.bind(flags)
}

// check reads what the flags name, and returns an error for values that they can't
// have.
func (f *appFlags) check() (err error) {
	for _, text := range f.templates {
		file, err := templatefile.ParseFile(text)
		if err != nil {
			return fault.At("--template", err)
		}
		f.source.Templates = append(f.source.Templates, file)
	}
	f.options.Values, err = f.values.read()
	return err
}

// defaultAssembly is the directory that the CDK CLI synthesizes to.
const defaultAssembly = "cdk.out"
