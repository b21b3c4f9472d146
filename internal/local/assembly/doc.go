// Package assembly reads a cloud assembly, the directory that a CDK app writes
// when it is synthesized (cdk.out): its stacks with their templates, the stacks
// of its stages, nested stacks, and the file assets that templates name by
// their S3 keys.
//
// It reads what the schema of manifest.json and *.assets.json says, in plain
// structs, and nothing of the CDK itself. Left out: Docker image assets, assets
// made by an external command, and whatever of the manifest only a deployment
// needs (roles, tags, context lookups).
//
// See: https://github.com/cdklabs/cloud-assembly-schema
package assembly
