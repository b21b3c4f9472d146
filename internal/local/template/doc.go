// Package template resolves the templates of an app's stacks into plain values,
// as a deployment of all of them would, without deploying anything.
//
// It evaluates Ref, Fn::GetAtt and the other intrinsic functions, conditions,
// mappings, parameters, pseudo parameters, outputs, exports, Fn::GetStackOutput
// across regions, nested stacks, and SSM dynamic references to parameters that the
// app defines. What AWS makes up at deployment (names, ids, domains) comes from a
// table of identities per resource type, and is always the same for the same
// stack, region and logical id.
//
// Everything is resolved when it is asked for, and then remembered. So a template
// may have anything that isn't asked for. What is asked for and can't be resolved
// is a *fault.Error with the construct path and the property; ErrUnsupported is in its
// chain if it may be known on AWS. Decode reads the properties of a resource into a
// struct; see NoEffect, LeftOut, Unsupported, Texts and Unknown.
//
// Left out: transforms (functions of AWS::LanguageExtensions work without), Rules,
// Metadata, Fn::Cidr, Fn::GetAZs, Fn::Length, Fn::ForEach and Fn::Transform, the limits
// and allowed values of parameters, secure strings and secrets (unless New is given their
// values), versions of SSM parameters, cycles of DependsOn, the form of a template, and
// every check of a property's meaning.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
package template
