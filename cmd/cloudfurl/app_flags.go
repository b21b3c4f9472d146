package main

import (
	"flag"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// appFlags are the flags of commands that read the assembly of an app, with what
// stands in for what it doesn't have.
type appFlags struct {
	assembly string // empty if it isn't given
	options  build.Options
	json     bool
	values   valueFlags
}

// bind defines the flags.
func (f *appFlags) bind(flags *flag.FlagSet) {
	flags.StringVar(&f.assembly, "assembly", "", "`directory` that the CDK app was synthesized to (default: "+defaultAssembly+")")
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
	f.options.Values, err = f.values.read()
	return err
}

// defaultAssembly is the directory that the CDK CLI synthesizes to.
const defaultAssembly = "cdk.out"
