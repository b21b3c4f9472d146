package deployed

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
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
	each := func(kind string, use func(*resource)) {
		for _, live := range r.resources {
			if live.kind == kind && r.fatal == nil {
				use(live)
			}
		}
	}
	each(typePermission, (*resource).remove)
	each("Custom::CDKBucketDeployment", (*resource).remove) // its files aren't on this machine
	each(typeFunction, r.readFunction)
	each("AWS::Lambda::Alias", func(live *resource) { r.readPolicy(r.functionOf(live), arnField(live.physical, 7)) }) // its URL needs it
	each(typeURL, r.readURL)
	each(typeDistribution, r.readDistribution)
}

// functionOf returns the function of an alias or URL, whose name on AWS is the ARN of a
// function or alias, or nil.
func (r *reader) functionOf(live *resource) *resource {
	return r.named(typeFunction, arnField(live.physical, 6), live.stack.Region)
}

// readFunction puts the settings of a function into the template, and its policy.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
func (r *reader) readFunction(live *resource) {
	answer, err := r.lambda(live.stack.Region).GetFunctionConfiguration(r.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &live.physical})
	if _, ok := read[string](r, live, "lambda:GetFunctionConfiguration", answer, err, "Role"); ok { // as every function has
		live.configure(shape(answer).(map[string]any), codeKey)
	}
	r.readPolicy(live, "")
}

// configure puts settings of a function into the template, and the key of its code.
func (r *resource) configure(got map[string]any, code string) {
	properties, layers := r.properties(), []any{}
	for _, layer := range objects(got["Layers"]) {
		layers = append(layers, layer["Arn"])
	}
	got["Layers"] = layers
	for _, name := range []string{"Architectures", "DeadLetterConfig", "Environment", "EphemeralStorage", "Handler", "Layers", "MemorySize", "Role", "Runtime",
		"Timeout", "TracingConfig", "VpcConfig"} {
		replace(properties, got, name)
	}
	if got["PackageType"] != "Image" {
		properties["Code"] = map[string]any{"S3Key": code}
	}
	r.set(properties)
}

// readRole puts the trust policy of a function's role into the template.
//
// See: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
func (r *reader) readRole(function *resource) {
	arn, _ := function.properties()["Role"].(string)
	name := path.Base(arn)
	live := r.named("AWS::IAM::Role", name, "")
	if live == nil || r.known[arn] {
		return
	}
	r.known[arn] = true
	live.identify("Arn", arn)
	answer, err := iam.NewFromConfig(r.aws).GetRole(r.ctx, &iam.GetRoleInput{RoleName: &name})
	if document := r.readDocument(live, "iam:GetRole", answer, err, "Role", "AssumeRolePolicyDocument"); document != nil {
		properties := live.properties()
		properties["AssumeRolePolicyDocument"] = document
		live.set(properties)
	}
}

// readURL puts the settings of a function URL into the template.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html
func (r *reader) readURL(live *resource) {
	qualifier, properties := arnField(live.physical, 7), live.properties()
	function := strings.TrimSuffix(live.physical, ":"+qualifier)
	input := &lambda.GetFunctionUrlConfigInput{FunctionName: &function}
	if qualifier != "" {
		input.Qualifier = &qualifier
	}
	if function := r.functionOf(live); function != nil {
		r.readRole(function)
	}
	answer, err := r.lambda(live.stack.Region).GetFunctionUrlConfig(r.ctx, input)
	got, ok := read[map[string]any](r, live, "lambda:GetFunctionUrlConfig", answer, err)
	if !ok {
		return
	}
	for _, name := range []string{"AuthType", "InvokeMode"} {
		if wanted, ok := properties[name].(string); ok && wanted != got[name] {
			r.found("drift", live.path(), name, fmt.Sprintf("is %v on AWS", got[name]), fmt.Sprintf("the template has %s: somebody changed it outside of CloudFormation", wanted),
				"change it back, or in the template too")
		}
	}
	for _, name := range []string{"AuthType", "Cors", "InvokeMode"} {
		replace(properties, got, name)
	}
	live.set(properties)
	live.identify("FunctionUrl", aws.ToString(answer.FunctionUrl))
}

// replace gives a property the value that AWS has.
func replace(properties, got map[string]any, name string) {
	delete(properties, name)
	if value, ok := got[name]; ok {
		properties[name] = value
	}
}

// readPolicy puts the policy of a function, or of its alias, into the template, in the place
// of permissions. One that can't be read counts as if it let all in.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
// Seen: the condition lambda:InvokedViaFunctionUrl in hashicorp/terraform-provider-aws#44858.
func (r *reader) readPolicy(function *resource, qualifier string) {
	if function == nil || function.raw()["Type"] != typeFunction {
		return
	}
	name := strings.TrimSuffix(function.physical+":"+qualifier, ":")
	answer, err := r.lambda(function.stack.Region).GetPolicy(r.ctx, &lambda.GetPolicyInput{FunctionName: &name})
	if gone(err) { // there is no policy
		return
	}
	document := r.readDocument(function, "lambda:GetPolicy", answer, err, "Policy")
	if document == nil {
		document = map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": "lambda:*", "Principal": "*", "Resource": "*"}}
	}
	policy := &resource{stack: function.stack, id: "the policy of " + name, kind: build.TypeFunctionPolicy}
	policy.set(map[string]any{"FunctionName": name, "PolicyDocument": document})
}

// readDocument returns a policy of an answer, which IAM encodes for URLs, or nil.
func (r *reader) readDocument(live *resource, action string, answer any, err error, path ...string) (document map[string]any) {
	text, ok := read[string](r, live, action, answer, err, path...)
	if decoded, err := url.PathUnescape(text); err == nil && strings.HasPrefix(text, "%") {
		text = decoded
	}
	if document, err = templatefile.Decode([]byte(text)); ok && err != nil {
		read[string](r, live, action, nil, errors.New("the policy isn't JSON"))
	}
	return document
}
