package infra

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// validate panics with an *Error about the construct id in scope if the props
// contradict each other.
func (p *EndpointProps) validate(scope constructs.Construct, id *string) {
	switch {
	case p.Handler == nil && p.Function == nil:
		fail(scope, id, `Endpoint got neither Handler nor Function: give a Handler, such as infra.GoHandler("./functions/demo")`)
	case p.Handler != nil && p.Function != nil:
		fail(scope, id, "Endpoint got both Handler and Function: give one of them")
	}
	if given := p.functionProps(); p.Function != nil && len(given) > 0 {
		fail(scope, id, "Endpoint got Function and also %s: these are for the function that runs a Handler, set them on the Function itself", strings.Join(given, ", "))
	}
	if p.DomainNames != nil && len(*p.DomainNames) > 0 && p.Certificate == nil {
		fail(scope, id, "Endpoint got DomainNames without Certificate: give a certificate for them, from ACM in %s", edgeRegion)
	}
	if p.Certificate != nil && (p.DomainNames == nil || len(*p.DomainNames) == 0) {
		fail(scope, id, "Endpoint got Certificate without DomainNames: give the names that it is for")
	}
}

// functionProps names the given properties that configure the function which
// runs Handler.
func (p *EndpointProps) functionProps() []string {
	var given []string
	for _, property := range []struct {
		name  string
		given bool
	}{
		{"Architecture", p.Architecture != nil},
		{"MemorySize", p.MemorySize != nil},
		{"Timeout", p.Timeout != nil},
		{"Environment", p.Environment != nil},
		{"ReservedConcurrentExecutions", p.ReservedConcurrentExecutions != nil},
		{"LogRetention", p.LogRetention != ""},
	} {
		if property.given {
			given = append(given, property.name)
		}
	}
	return given
}
