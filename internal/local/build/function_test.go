package build

import "testing"

func TestOpen_warns_of_a_deprecated_runtime(t *testing.T) {
	_, log := open(t, siteAssembly(t, withAPI(func(r object) { properties(r, "Api")["Runtime"] = "nodejs18.x" })), Options{})
	log.Want(t, "level=WARN", "Site/Api/Function: its runtime nodejs18.x is deprecated", "no new function with it from 2027-02-01 on", "hint=")
}
