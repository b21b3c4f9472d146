// Package template resolves the templates of an app's stacks into plain values,
// as a deployment of all of them would leave them, without deploying anything.
//
// It plays CloudFormation's evaluation of Ref, Fn::GetAtt and the other
// intrinsic functions, conditions, mappings, parameters, pseudo parameters,
// outputs, exports, Fn::GetStackOutput over regions, nested stacks, and SSM
// dynamic references to parameters that the app defines. What AWS would make
// up at deployment (names, ids, domains) is made up here by a table of
// identities per resource type, always the same for the same stack, region and
// logical id.
//
// Everything is resolved when it is asked for and then remembered. So what
// nobody asks for may be unknown, and whatever is asked for and unknown is an
// [Error] that names its place.
//
// Left out: transforms other than AWS::LanguageExtensions, Rules, Metadata,
// Fn::Cidr, Fn::ForEach and Fn::Transform, the limits and allowed values of
// parameters, secure strings and secrets (unless [Options] gives their values),
// versions of SSM parameters, and every check of a property's meaning.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
package template
