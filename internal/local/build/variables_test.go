package build

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// withVariables makes Api respond with its environment variables, of which it has some.
func withVariables(more func(r object)) func(object) {
	return withAPI(func(r object) {
		api := properties(r, "Api")
		api["Code"] = object{"ZipFile": "exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) })"}
		api["Environment"] = object{"Variables": object{"TABLE": "template", "OTHER": "template"}}
		r["Public"], r["Invoke"] = permission("lambda:InvokeFunctionUrl", object{}), permission("lambda:InvokeFunction", object{})
		more(r)
	})
}

// environ returns the environment variables of Api.
func environ(t *testing.T, edge http.Handler) (variables map[string]string) {
	t.Helper()
	resp, body := get(t, edge, "/api/")
	if err := json.Unmarshal([]byte(body), &variables); err != nil {
		t.Fatalf("got %d %s: %v", resp.StatusCode, body, err)
	}
	return variables
}

func TestVariables_win_over_those_of_the_template(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, withVariables(unchanged)), Options{Variables: map[string]string{
		"Api.TABLE": "given=twice", "Site/Api/Function.AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:4567",
	}})
	got := environ(t, edge)
	for name, want := range map[string]string{"TABLE": "given=twice", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:4567", "OTHER": "template"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}

func TestVariables_of_no_function_are_an_error(t *testing.T) {
	quiet, _ := logtest.New()
	for key, want := range map[string]string{
		"Apj.TABLE":      "--env: Apj doesn't name a function",
		"TABLE":          "--env:  doesn't name a function",
		"Api.AWS_REGION": "Environment.Variables.AWS_REGION: is reserved by Lambda",
		"Api.":           `invalid variable name ""`,
	} {
		_, err := buildDir(siteAssembly(t, withVariables(unchanged)), Options{Variables: map[string]string{key: "secret"}}, quiet)
		wantError(t, err, want)
	}
}

func TestAWS_gives_functions_a_persons_keys(t *testing.T) {
	keys := sigv4.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI", SessionToken: "token"}
	dir := siteAssembly(t, withVariables(func(r object) {
		properties(r, "Api")["Role"] = object{"Fn::GetAtt": []any{"Nobody", "Arn"}} // of no interest then
	}))
	edge, _ := open(t, dir, Options{AWS: &AWS{Credentials: keys, Region: "eu-west-3"}})
	got := environ(t, edge)
	for name, want := range map[string]string{
		"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_SESSION_TOKEN": "token",
		"AWS_REGION": "eu-west-1", // the stack's own
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}

func TestAWS_lets_functions_call_each_other(t *testing.T) {
	keys := sigv4.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI"}
	for name, test := range map[string]struct {
		options Options
		secret  string
		want    int
	}{
		"with the keys":    {Options{AWS: &AWS{Credentials: keys}}, keys.SecretAccessKey, http.StatusTooManyRequests},
		"with other keys":  {Options{AWS: &AWS{Credentials: keys}}, "guessed", http.StatusForbidden},
		"without the flag": {Options{}, keys.SecretAccessKey, http.StatusForbidden},
	} {
		dir := siteAssembly(t, withCaller(nil, unchanged))
		quiet, log := logtest.New()
		app, err := buildDir(dir, test.options, quiet)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodGet, "https://"+app.endpoints[0].domain+"/", nil)
		signer := sigv4.Credentials{AccessKeyID: keys.AccessKeyID, SecretAccessKey: test.secret}
		sigv4.Sign(req, sigv4.EmptyPayloadHash, signer, "lambda", "eu-west-1", time.Now())
		if resp, body := do(t, app.endpoints[0], req); resp.StatusCode != test.want {
			t.Errorf("%s: got %d %s, want %d: %s", name, resp.StatusCode, body, test.want, log)
		}
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAWS_has_the_region_of_stacks_without_one(t *testing.T) {
	dir := siteAssembly(t, unchanged)
	addStack(t, dir, "Anywhere", "", object{
		"Api": object{"Type": "AWS::Lambda::Function", "Properties": object{
			"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": object{"ZipFile": "//"}, "Role": "arn:aws:iam::111122223333:role/r"}},
		"Url": object{"Type": "AWS::Lambda::Url", "Properties": object{"AuthType": "AWS_IAM", "TargetFunctionArn": object{"Ref": "Api"}}},
	})
	quiet, _ := logtest.New()
	for given, want := range map[string]string{"eu-west-3": "eu-west-3", "": "us-east-1"} {
		app, err := buildDir(dir, Options{AWS: &AWS{Region: given}}, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if got := app.endpoints[0].region; got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	}
}
