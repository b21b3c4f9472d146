package build

import (
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestAdvice_logs_a_second_function_URL_of_a_function(t *testing.T) {
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
	log.Want(t, "level=ERROR", "Site/Second can't be deployed", "already has the function URL Site/Api/Function/FunctionUrl, and Lambda allows one", "remove one")
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
		if got := strings.Contains(written.String(), "Far/Permit can't be deployed, and permits nothing here"); got != logged {
			t.Errorf("region %q: logged is %v, want %v: %s", region, got, logged, written)
		}
	}
}
