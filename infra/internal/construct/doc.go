// Package construct is what the constructs of infra stand on: the checks that every
// constructor makes and the error that it panics with, environments of stacks,
// stacks beside a construct's own, tokens, resolved properties, ARNs, names, and
// suppressions for cdk-nag.
package construct
