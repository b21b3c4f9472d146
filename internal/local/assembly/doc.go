// Package assembly reads a cloud assembly, the directory that a CDK app writes
// when it is synthesized (cdk.out): its stacks with their templates, the stacks
// of its stages, nested stacks, the file assets that templates name by their S3
// keys, and the image assets that they name by their URIs in ECR.
//
// It reads manifest.json and *.assets.json by their schema, without the CDK.
// Left out: assets made by an external command, and what only a deployment needs
// (roles, tags, context lookups).
//
// See: https://github.com/cdklabs/cloud-assembly-schema
package assembly
