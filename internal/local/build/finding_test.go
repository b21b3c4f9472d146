package build

import (
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestSecond_function_URL_of_a_function_is_found(t *testing.T) {
	second := func(qualifier string) func(r object) {
		return func(r object) {
			p := object{"AuthType": "NONE", "TargetFunctionArn": object{"Ref": "Api"}}
			if qualifier != "" {
				p["Qualifier"] = qualifier
			}
			r["Second"] = object{"Type": "AWS::Lambda::Url", "Properties": p}
		}
	}
	_, log := open(t, siteAssembly(t, withAPI(second(""))), Options{})
	log.Want(t, "level=ERROR", "Site/Second: can't be deployed", "already has the function URL Site/Api/Function/FunctionUrl, and Lambda allows one", "remove one")
	if _, log := open(t, siteAssembly(t, withAPI(second("live"))), Options{}); strings.Contains(log.String(), "Lambda allows one") {
		t.Errorf("a URL of an alias is rejected: %s", log)
	}
}

func TestPermission_in_another_region_than_its_function_is_absent(t *testing.T) {
	for region, logged := range map[string]bool{"us-east-1": true, "eu-west-1": false, "": false} {
		dir := siteAssembly(t, withAPI(func(r object) { properties(r, "Api")["FunctionName"] = "api" }))
		addStack(t, dir, "Far", region, object{"Permit": object{"Type": "AWS::Lambda::Permission", "Properties": object{
			"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE",
			"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:api",
		}}})
		log, written := logtest.New()
		parts, err := buildDir(dir, Options{}, log)
		if err != nil {
			t.Fatal(err)
		}
		if err := parts.Close(); err != nil {
			t.Error(err)
		}
		if got := strings.Contains(written.String(), "Far/Permit: can't be deployed, and permits nothing"); got != logged {
			t.Errorf("region %q: logged is %v, want %v: %s", region, got, logged, written)
		}
	}
}

// permit returns a permission of Api, with more of its properties.
func permit(action string, principal any, more ...any) object {
	p := object{"Action": action, "FunctionName": object{"Ref": "Api"}, "Principal": principal}
	for i := 0; i < len(more); i += 2 {
		p[more[i].(string)] = more[i+1]
	}
	return object{"Type": "AWS::Lambda::Permission", "Properties": p}
}

func TestOrigin_that_lets_nobody_in_is_found_before_the_first_request(t *testing.T) {
	signed := func(r object) {
		properties(r, "ApiUrl")["AuthType"] = "AWS_IAM"
		r["Control"] = object{"Type": "AWS::CloudFront::OriginAccessControl", "Properties": object{"OriginAccessControlConfig": object{
			"Name": "c", "OriginAccessControlOriginType": "lambda", "SigningBehavior": "always", "SigningProtocol": "sigv4"}}}
		siteConfig(r)["Origins"].([]any)[1].(object)["OriginAccessControlId"] = object{"Ref": "Control"}
	}
	const cloudFront = "cloudfront.amazonaws.com"
	tests := map[string]struct {
		change func(r object)
		words  []string // empty if there is nothing to say
	}{
		"no permission": {signed, []string{"Site/Distribution: requests to origin Site/Api/Function/FunctionUrl get 403",
			"no AWS::Lambda::Permission allows lambda:InvokeFunctionUrl on Site/Api/Function for", "Principal: cloudfront.amazonaws.com", "SourceArn: the ARN of Site/Distribution"}},
		"one permission": {func(r object) {
			signed(r)
			r["First"] = permit("lambda:InvokeFunctionUrl", cloudFront)
		}, []string{"requests to origin Site/Api/Function/FunctionUrl get 403", "allows lambda:InvokeFunction on", "InvokedViaFunctionUrl: true"}},
		"one of another distribution": {func(r object) {
			signed(r)
			r["First"], r["Second"] = permit("lambda:InvokeFunctionUrl", cloudFront), permit("lambda:InvokeFunction", cloudFront, "SourceArn", "arn:aws:cloudfront::111122223333:distribution/EOTHER")
		}, []string{"requests to origin Site/Api/Function/FunctionUrl get 403", "(Site/Second: Condition ArnLike AWS:SourceArn arn:aws:cloudfront::111122223333:distribution/EOTHER doesn't hold, it is Site/Distribution"}},
		"both permissions": {func(r object) {
			signed(r)
			r["First"], r["Second"] = permit("lambda:InvokeFunctionUrl", cloudFront), permit("lambda:InvokeFunction", cloudFront)
		}, nil},
		"a public URL without": {unchanged, []string{"Site/Api/Function/FunctionUrl: every request gets 403", "for an unsigned request", "Principal: *"}},
		"a public URL with both": {func(r object) {
			r["First"], r["Second"] = permit("lambda:InvokeFunctionUrl", "*", "FunctionUrlAuthType", "NONE"), permit("lambda:InvokeFunction", "*", "InvokedViaFunctionUrl", true)
		}, nil},
		"a bucket without a policy": {func(r object) {
			signed(r)
			r["First"] = permit("lambda:*", cloudFront)
			delete(r, sitePolicy)
		}, []string{"requests to origin SiteOrigin1", "no policy of the bucket Site/Bucket allows s3:GetObject for cloudfront.amazonaws.com", "add to the bucket policy"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, log := open(t, siteAssembly(t, withAPI(test.change)), Options{})
			if test.words == nil && strings.Contains(log.String(), "403") {
				t.Errorf("got advice: %s", log)
			}
			if test.words != nil {
				log.Want(t, append(test.words, "level=ERROR", "rule=permission", "cause=", "hint=")...)
			}
		})
	}
}
