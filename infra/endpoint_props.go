package infra

import (
	"reflect"
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
	if _, given := p.functionProps(); p.Function != nil && len(given) > 0 {
		fail(scope, id, "Endpoint got Function and also %s: these configure the function that runs a Handler, set them on the Function itself", strings.Join(given, ", "))
	}
	if p.DomainNames != nil && len(*p.DomainNames) > 0 && p.Certificate == nil {
		fail(scope, id, "Endpoint got DomainNames without Certificate: give a certificate for them, from ACM in %s", edgeRegion)
	}
	if p.Certificate != nil && (p.DomainNames == nil || len(*p.DomainNames) == 0) {
		fail(scope, id, "Endpoint got Certificate without DomainNames: give the names it is for")
	}
}

// functionProps returns the properties of the function that runs Handler, and
// the names of the given ones. EndpointProps has every field of
// HandlerFunctionProps under the same name.
func (p *EndpointProps) functionProps() (props *HandlerFunctionProps, given []string) {
	props = new(HandlerFunctionProps)
	from, to := reflect.ValueOf(p).Elem(), reflect.ValueOf(props).Elem()
	for i := range to.NumField() {
		name := to.Type().Field(i).Name
		value := from.FieldByName(name)
		to.Field(i).Set(value)
		if name != "Handler" && !value.IsZero() {
			given = append(given, name)
		}
	}
	return props, given
}
