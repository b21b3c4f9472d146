package build

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// withCaller makes the URL of Api require IAM, lets Api throttle every request,
// and adds a function that calls it with the statements as its policy.
func withCaller(statements []any, change func(r object)) func(object) {
	return withAPI(func(r object) {
		properties(r, "ApiUrl")["AuthType"] = "AWS_IAM"
		properties(r, "Api")["ReservedConcurrentExecutions"] = 0
		properties(r, "Api")["Role"] = "arn:aws:iam::111122223333:role/imported"
		r["Caller"] = object{"Type": "AWS::Lambda::Function", "Properties": object{
			"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": object{"ZipFile": "//"}, "Role": object{"Fn::GetAtt": []any{"Role", "Arn"}}}}
		r["CallerUrl"] = object{"Type": "AWS::Lambda::Url", "Properties": object{"AuthType": "NONE", "TargetFunctionArn": object{"Ref": "Caller"}}}
		r["Role"] = object{"Type": "AWS::IAM::Role", "Metadata": object{"aws:cdk:path": "Site/Caller/Role/Resource"}, "Properties": object{
			"AssumeRolePolicyDocument": object{}, "ManagedPolicyArns": []any{"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}}}
		r["Policy"] = object{"Type": "AWS::IAM::Policy", "Properties": object{
			"PolicyName": "p", "Roles": []any{object{"Ref": "Role"}}, "PolicyDocument": object{"Version": "2012-10-17", "Statement": statements}}}
		change(r)
	})
}

func allow(action string, more ...any) object {
	statement := object{"Effect": "Allow", "Action": action, "Resource": []any{object{"Fn::GetAtt": []any{"Api", "Arn"}}}}
	for i := 0; i < len(more); i += 2 {
		statement[more[i].(string)] = more[i+1]
	}
	return statement
}

// callAPI sends a request signed with the keys of the role with the ARN.
func callAPI(t *testing.T, change func(object), roleName string) (status int, log *logtest.Log) {
	t.Helper()
	cloud, err := assembly.Open(siteAssembly(t, change))
	if err != nil {
		t.Fatal(err)
	}
	logger, written := logtest.New()
	b, err := newBuilder(cloud, Options{}, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.app.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	b.app.Start()
	for id, owner := range b.keys.roles {
		if owner.name != roleName {
			continue
		}
		req := httptest.NewRequest(http.MethodGet, "https://"+b.app.endpoints[0].domain+"/", nil)
		sigv4.Sign(req, sigv4.EmptyPayloadHash, b.keys.identities[id].Credentials, "lambda", "eu-west-1", time.Now())
		resp, _ := do(t, b.app.endpoints[0], req)
		return resp.StatusCode, written
	}
	t.Fatalf("no keys of %s", roleName)
	return 0, nil
}

func TestRoles_of_functions_call_function_URLs_by_their_policies(t *testing.T) {
	both := []any{allow("lambda:InvokeFunctionUrl"), allow("lambda:InvokeFunction")}
	deny := allow("lambda:*", "Effect", "Deny", "Resource", "*")
	unknown := object{"Fn::GetAtt": []any{"Nobody", "Arn"}}
	permit := func(action string, principal any) object {
		return object{"Type": "AWS::Lambda::Permission", "Properties": object{
			"Action": action, "FunctionName": object{"Ref": "Api"}, "Principal": principal}}
	}
	role := object{"Fn::GetAtt": []any{"Role", "Arn"}}
	tests := map[string]struct {
		statements []any
		change     func(r object)
		status     int
		cause      string
	}{
		"both actions":                          {both, unchanged, 429, ""},
		"one action":                            {both[:1], unchanged, 403, "no policy of Site/Caller/Role allows lambda:InvokeFunction on Site/Api/Function for Site/"},
		"nothing":                               {nil, unchanged, 403, "no policy of Site/Caller/Role allows lambda:InvokeFunctionUrl"},
		"a wildcard":                            {[]any{allow("lambda:Invoke*", "Resource", "*")}, unchanged, 429, ""},
		"another function":                      {[]any{allow("lambda:*", "Resource", "arn:aws:lambda:*:*:function:other")}, unchanged, 403, "allows lambda:InvokeFunctionUrl"},
		"all but others":                        {[]any{object{"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::*"}}, unchanged, 429, ""},
		"a Deny":                                {append([]any{deny}, both...), unchanged, 403, "Statement[0] of Site/Policy denies lambda:InvokeFunctionUrl on Site/Api/Function"},
		"conditions":                            {[]any{allow("lambda:InvokeFunctionUrl", "Condition", object{"StringEquals": object{"lambda:FunctionUrlAuthType": "AWS_IAM"}}), allow("lambda:InvokeFunction", "Condition", object{"Bool": object{"lambda:InvokedViaFunctionUrl": "true"}})}, unchanged, 429, ""},
		"a false condition":                     {[]any{allow("lambda:*", "Condition", object{"StringEquals": object{"lambda:FunctionUrlAuthType": "NONE"}})}, unchanged, 403, "allows lambda:InvokeFunctionUrl"},
		"another condition":                     {[]any{allow("lambda:*", "Condition", object{"StringEquals": object{"aws:RequestedRegion": "eu-west-1"}})}, unchanged, 403, "the condition key aws:RequestedRegion isn't supported locally"},
		"a Deny under another condition":        {append([]any{allow("lambda:*", "Effect", "Deny", "Condition", object{"StringEquals": object{"aws:RequestedRegion": "eu-west-1"}})}, both...), unchanged, 429, "a statement doesn't count for calls of Site/Caller/Role"},
		"an unknown effect":                     {[]any{allow("lambda:*", "Effect", "Permit")}, unchanged, 403, "isn't an effect"},
		"a statement about an unknown resource": {append([]any{allow("dynamodb:Query", "Resource", unknown)}, both...), unchanged, 429, ""},
		"a resource that is unknown":            {[]any{allow("lambda:*", "Resource", unknown)}, unchanged, 403, `refers to \"Nobody\"`},
		"a managed policy of AWS": {nil, func(r object) {
			properties(r, "Role")["ManagedPolicyArns"] = []any{object{"Fn::Join": []any{"", []any{"arn:", object{"Ref": "AWS::Partition"}, ":iam::aws:policy/AWSLambda_FullAccess"}}}}
		}, 429, ""},
		"an inline policy": {nil, func(r object) {
			properties(r, "Role")["Policies"] = []any{object{"PolicyName": "p", "PolicyDocument": object{"Statement": allow("lambda:*")}}}
		}, 429, ""},
		"permissions of the function": {nil, func(r object) {
			r["PermitUrl"], r["Permit"] = permit("lambda:InvokeFunctionUrl", role), permit("lambda:InvokeFunction", role)
		}, 429, ""},
		"permissions of the account": {nil, func(r object) {
			r["PermitUrl"], r["Permit"] = permit("lambda:InvokeFunctionUrl", "111122223333"), permit("lambda:InvokeFunction", "111122223333")
		}, 403, "no policy of Site/Caller/Role allows lambda:InvokeFunctionUrl"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, log := callAPI(t, withCaller(test.statements, test.change), "Site/Caller/Role")
			if status != test.status {
				t.Errorf("got %d, want %d: %s", status, test.status, log)
			}
			if test.cause != "" {
				log.Want(t, test.cause, "cause=", "hint=")
			}
		})
	}
}

func TestRoles_of_other_apps_need_a_permission(t *testing.T) {
	status, log := callAPI(t, withCaller(nil, unchanged), "arn:aws:iam::111122223333:role/imported")
	if status != http.StatusForbidden {
		t.Errorf("got %d, want 403", status)
	}
	log.Want(t, "arn:aws:iam::111122223333:role/imported: isn't defined in this assembly, so its policies aren't known")
}

func TestRoles_are_named_in_traces(t *testing.T) {
	cloud, err := assembly.Open(siteAssembly(t, withCaller(nil, unchanged)))
	if err != nil {
		t.Fatal(err)
	}
	log, _ := logtest.New()
	b, err := newBuilder(cloud, Options{}, log)
	if err != nil {
		t.Fatal(err)
	}
	defer b.app.Close()
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	for id, owner := range b.keys.roles {
		if got := b.meanings()(b.keys.identities[id].ARN); owner.name == "Site/Caller/Role" && !strings.HasPrefix(got, "the ARN of Site/Caller/Role/") {
			t.Errorf("%s: got %q", b.keys.identities[id].ARN, got)
		}
	}
	if len(b.keys.roles) == 0 {
		t.Error("no function has a role")
	}
}
