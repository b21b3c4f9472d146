package build

import (
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

// tryDistribution returns a request that a behavior of a distribution takes and that no
// one has to sign, or nothing.
func (b *builder) tryDistribution(config cloudfront.Config) string {
	for _, behavior := range append([]cloudfront.Behavior{config.Default}, config.Behaviors...) {
		origin := config.Origins[behavior.TargetOriginID]
		path, _, _ := strings.Cut(behavior.PathPattern, "*")
		path = "/" + strings.TrimPrefix(path, "/")
		api := b.endpointAt(origin.DomainName)
		switch {
		case len(behavior.TrustedKeys) > 0 || strings.Contains(path, "?"):
		case origin.S3:
			if behavior.PathPattern == "" && config.DefaultRootObject != "" {
				return "GET /"
			}
		case api != nil && api.stage != "":
			method, target, _ := strings.Cut(api.try, " ")
			target, inStage := strings.CutPrefix(target, origin.Path)
			if inStage && strings.HasPrefix(target, path) && (method == "GET" || slices.Contains(behavior.AllowedMethods, method)) {
				return method + " " + target
			}
		default:
			return "GET " + path
		}
	}
	return ""
}

// tryStage returns a request that a stage of a REST API takes without a key or signature,
// a GET if there is one, or nothing.
func tryStage(name string, stage *restapi.Stage) (found string) {
	if stage == nil {
		return ""
	}
	for _, route := range stage.Routes {
		path, _, _ := strings.Cut(route.Path, "{")
		method := strings.Replace(route.Method, "ANY", "GET", 1)
		if !route.IAM && !route.KeyRequired && method != "OPTIONS" && (found == "" || method == "GET" && !strings.HasPrefix(found, "GET ")) {
			found = method + " /" + name + path
		}
	}
	return found
}
