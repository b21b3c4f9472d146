package build

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// withUploads lets Api know a bucket by a variable, and its role do an action there.
func withUploads(action string) func(object) {
	return withVariables(func(r object) {
		r["Uploads"] = object{"Type": "AWS::S3::Bucket", "Properties": object{}}
		r["Role"] = object{"Type": "AWS::IAM::Role", "Properties": object{
			"AssumeRolePolicyDocument": object{}, "Policies": []any{object{"PolicyDocument": object{"Statement": []any{
				object{"Effect": "Allow", "Action": []any{action, "s3:ListBucket"}, "Resource": "*"},
			}}}},
		}}
		api := properties(r, "Api")
		api["Role"] = object{"Fn::GetAtt": []any{"Role", "Arn"}}
		api["Environment"] = object{"Variables": object{"BUCKET": object{"Ref": "Uploads"}}}
	})
}

// requestObject asks for an object with the keys of a function.
func requestObject(t *testing.T, variables map[string]string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, variables[endpointVariable]+"/"+variables["BUCKET"]+"/key", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Content-Sha256", sigv4.EmptyPayloadHash)
	sigv4.Sign(request, sigv4.EmptyPayloadHash, sigv4.Credentials{
		AccessKeyID: variables["AWS_ACCESS_KEY_ID"], SecretAccessKey: variables["AWS_SECRET_ACCESS_KEY"], SessionToken: variables["AWS_SESSION_TOKEN"],
	}, sigv4.ServiceS3, variables["AWS_REGION"], time.Now())
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func TestBucketEndpoint_is_for_functions_that_know_a_bucket(t *testing.T) {
	for action, status := range map[string]int{"s3:GetObject": http.StatusNotFound, "s3:PutObject": http.StatusForbidden} {
		app, _ := openApp(t, siteAssembly(t, withUploads(action)), Options{})
		variables := environ(t, app.Parts[0])
		if got := requestObject(t, variables); got != status {
			t.Errorf("a role with %s: got %d for an object that isn't there, want %d", action, got, status)
		}
		other := map[string]string{endpointVariable: variables[endpointVariable], "BUCKET": "other", "AWS_REGION": "eu-west-1"}
		if got := requestObject(t, other); got != http.StatusNotFound {
			t.Errorf("another bucket: got %d", got)
		}
		temp := app.functions.temp
		if err := app.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(temp); !os.IsNotExist(err) {
			t.Errorf("what was uploaded to %s is still there: %v", temp, err)
		}
	}
}

func TestBucketEndpoint_is_not_for_others(t *testing.T) {
	keys := sigv4.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI"}
	for name, test := range map[string]struct {
		change  func(object)
		options Options
		want    string
	}{
		"that know no bucket":   {withVariables(unchanged), Options{}, ""},
		"that have another one": {withUploads("s3:*"), Options{Variables: map[string]string{"Api." + endpointVariable: "http://127.0.0.1:9000"}}, "http://127.0.0.1:9000"},
		"with keys of AWS":      {withUploads("s3:*"), Options{AWS: &AWS{Credentials: keys}}, ""},
	} {
		edge, _ := open(t, siteAssembly(t, test.change), test.options)
		if got := environ(t, edge)[endpointVariable]; got != test.want {
			t.Errorf("functions %s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestBucketEndpoint_leaves_out_what_is_not_supported(t *testing.T) {
	edge, log := open(t, siteAssembly(t, func(r object) {
		withUploads("s3:*")(r)
		properties(r, "Uploads")["Color"] = "red"
	}), Options{})
	if got := environ(t, edge)[endpointVariable]; got != "" {
		t.Errorf("got %q", got)
	}
	log.Want(t, "level=WARN", "functions can't reach the bucket Site/Uploads", "Color: isn't a known property")
}
