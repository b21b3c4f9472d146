package deployed

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

func (r *reader) lambda(region string) *lambda.Client {
	return lambda.NewFromConfig(r.aws, func(o *lambda.Options) { o.Region = region })
}

// overlay puts what AWS has into the place of what the templates say.
func (r *reader) overlay() {
	listed := slices.Clone(r.resources)
	each := func(kind string, use func(*resource)) {
		for _, live := range listed {
			if live.kind == kind && r.fatal == nil {
				use(live)
			}
		}
	}
	each(typePermission, (*resource).remove)
	each("Custom::CDKBucketDeployment", (*resource).remove) // its files aren't on this machine
	each(typeFunction, func(live *resource) {
		r.readFunction(live)
		r.readPolicy(live, "")
	})
	each(typeAlias, func(live *resource) {
		r.readPolicy(r.functionOf(live), arnField(live.physical, 7))
	})
	each(typeURL, r.readURL)
	each(typeDistribution, r.readDistribution)
}

// functionOf returns the function of an alias or URL, of whatever stack.
func (r *reader) functionOf(live *resource) *resource {
	function := r.at(typeFunction, arnField(live.physical, 6), live.stack.Region)
	if len(function.properties()) == 0 { // of none that is read
		r.readFunction(function)
		r.readPolicy(function, "")
	}
	return function
}

// missing reports whether a resource couldn't be read. One that isn't there is taken out.
func (r *reader) missing(err error, live *resource, action string) bool {
	failed := r.unread(err, live.path(), action, live.physical)
	if gone(err) {
		live.remove()
	}
	return failed
}

// liveSettings are the properties of a function that are read.
var liveSettings = []string{"Architectures", "DeadLetterConfig", "Environment", "EphemeralStorage", "Handler", "Layers", "MemorySize", "Role", "Runtime",
	"Timeout", "TracingConfig", "VpcConfig"}

// readFunction puts the settings of a function into the template.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
func (r *reader) readFunction(live *resource) {
	output, err := r.lambda(live.stack.Region).GetFunctionConfiguration(r.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &live.physical})
	if !r.missing(err, live, "lambda:GetFunctionConfiguration") {
		live.configure(shape(output), codeKey)
	}
}

// configure puts settings of a function into the template, and the key of its code.
func (r *resource) configure(got map[string]any, code string) {
	properties := r.properties()
	for _, name := range liveSettings {
		delete(properties, name)
		if value, ok := got[name]; ok {
			properties[name] = value
		}
	}
	layers := []any{}
	for _, layer := range objects(got["Layers"]) {
		layers = append(layers, layer["Arn"])
	}
	properties["Layers"] = layers
	if got["PackageType"] != "Image" {
		properties["Code"] = map[string]any{"S3Bucket": codeKey, "S3Key": code}
	}
	r.set(properties)
}

// readRole puts the trust policy of a function's role into the template.
//
// See: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
func (r *reader) readRole(function *resource) {
	arn, _ := function.properties()["Role"].(string)
	name := path.Base(arn)
	if arn == "" || r.known[arn] {
		return
	}
	r.known[arn] = true
	live := r.at(typeRole, name, function.stack.Region)
	live.identify("Arn", arn)
	output, err := iam.NewFromConfig(r.aws).GetRole(r.ctx, &iam.GetRoleInput{RoleName: &name})
	if r.missing(err, live, "iam:GetRole") {
		return
	}
	properties := live.properties()
	delete(properties, "AssumeRolePolicyDocument")
	if text, err := url.PathUnescape(*output.Role.AssumeRolePolicyDocument); err == nil {
		if document, err := templatefile.Decode([]byte(text)); err == nil {
			properties["AssumeRolePolicyDocument"] = document
		}
	}
	live.set(properties)
}

// readURL puts the settings of a function URL into the template, whose name on AWS is the
// ARN of its function or alias.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html
func (r *reader) readURL(live *resource) {
	function := r.functionOf(live)
	qualifier := arnField(live.physical, 7)
	target := strings.TrimSuffix(live.physical, ":"+qualifier)
	input := &lambda.GetFunctionUrlConfigInput{FunctionName: &target}
	properties := map[string]any{"TargetFunctionArn": target}
	if qualifier != "" {
		input.Qualifier = &qualifier
		properties["Qualifier"] = qualifier
		r.readPolicy(function, qualifier)
	}
	r.readRole(function)
	output, err := r.lambda(live.stack.Region).GetFunctionUrlConfig(r.ctx, input)
	if r.missing(err, live, "lambda:GetFunctionUrlConfig") {
		return
	}
	got, declared := shape(output), live.properties()
	for _, name := range []string{"AuthType", "InvokeMode"} {
		if wanted, ok := declared[name].(string); ok && wanted != got[name] {
			r.found(build.Finding{Rule: "drift", Path: live.path(), Property: name, Happens: fmt.Sprintf("%s isn't what the template has", name),
				Cause: fmt.Sprintf("it is %v, and the template has %s: somebody changed it outside of CloudFormation", got[name], wanted),
				Hint:  "change it back, or change the template too, or the next deployment does"})
		}
	}
	for _, name := range []string{"AuthType", "Cors", "InvokeMode"} {
		if value, ok := got[name]; ok {
			properties[name] = value
		}
	}
	live.set(properties)
	live.identify("FunctionUrl", *output.FunctionUrl)
}
