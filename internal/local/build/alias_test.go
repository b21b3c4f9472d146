package build

import (
	"strings"
	"testing"
)

func TestAlias_with_weights_is_served_by_the_current_code(t *testing.T) {
	assembly := func(alias object) string {
		return siteAssembly(t, withAPI(func(r object) {
			properties(r, "ApiUrl")["Qualifier"] = "live"
			alias["FunctionName"], alias["FunctionVersion"] = object{"Ref": "Api"}, "2"
			r["Alias"] = object{"Type": "AWS::Lambda::Alias", "Metadata": object{"aws:cdk:path": "Site/Api/Alias/Resource"}, "Properties": alias}
		}))
	}
	weights := object{"AdditionalVersionWeights": []any{object{"FunctionVersion": "1", "FunctionWeight": 0.1}}}
	_, log := open(t, assembly(object{"Name": "live", "RoutingConfig": weights}), Options{})
	log.Want(t, "level=WARN", "Site/Api/Alias is served without RoutingConfig", "isn't supported locally")

	ready := object{"ProvisionedConcurrentExecutions": 2}
	for name, alias := range map[string]object{
		"ready environments": {"Name": "live", "ProvisionedConcurrencyConfig": ready},
		"another alias":      {"Name": "next", "RoutingConfig": weights},
	} {
		if _, log := open(t, assembly(alias), Options{}); strings.Contains(log.String(), "Site/Api/Alias") {
			t.Errorf("%s: got %s, want nothing about the alias", name, log)
		}
	}
}
