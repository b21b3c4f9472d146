// Package templatefile reads CloudFormation and SAM templates, in YAML or JSON, as the
// stacks of an assembly. It does what AWS's tools do before a deployment:
//
//   - A path of this machine, such as CodeUri, becomes an asset of the stack, as in
//     "sam package" and "aws cloudformation package".
//   - Code gets its packages when somebody asks for it, as in "sam build": Python's by
//     uv, npm's, and Go is compiled, all for this machine. What else has to be built is
//     taken from where sam build leaves it, or its function can't be served.
//   - AWS's own aws-sam-translator makes CloudFormation of SAM. It is a Python program,
//     which is installed into the user's cache at its first use.
//
// Left out: transforms other than AWS::Serverless, Fn::ForEach, samconfig.toml, the
// build methods esbuild and makefile and those of Java, .NET, Ruby and Rust, and
// templates in S3.
//
// See: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
package templatefile
