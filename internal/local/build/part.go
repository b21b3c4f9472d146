package build

import (
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

// A Part is what has an address of its own: a distribution, a function URL or a REST
// API.
type Part struct {
	http.Handler

	// Kind is what the banner calls it, such as "distribution".
	Kind string

	// Path is the construct path, or stack and logical id if the assembly doesn't
	// have it.
	Path string

	// Hosts are the host names that reach it, first the one below localhost.
	Hosts []string

	// Prefix is what its paths begin with, such as prod/.
	// Default: none
	Prefix string

	// Front is whether viewers reach the app by it, as by a distribution, and not
	// what serves other parts.
	Front bool

	// Main is whether the main port serves it by whatever name of this machine. It
	// is the only front or, without any, the only part. Others get their own ports.
	Main bool

	// Try is a request that the part takes from everybody, such as "GET /".
	// Default: none is known
	Try string

	// Describe returns further lines for the banner, once the app has started. The
	// port is the main one. Default: nil, none
	Describe func(port string) []string
}

// chooseMain chooses the part that the main port serves. Fronts are first.
func chooseMain(parts []Part) {
	if len(parts) == 1 || len(parts) > 1 && parts[0].Front && !parts[1].Front {
		parts[0].Main = true
	}
}

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
