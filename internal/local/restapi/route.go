package restapi

import "strings"

const methodAny = "ANY"

// find returns the route of a method and a path without slashes around it, and its
// path parameters, or nil. The resource and the method are matched together.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
// Seen: GET /jobs reaches /{proxy+} if the resource /jobs has no GET (ministack#1423).
func (s *Stage) find(method, path string) (*Route, map[string]string) {
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.Method != method && r.Method != methodAny {
			continue
		}
		if parameters, ok := r.match(path); ok {
			return r, parameters
		}
	}
	return nil, nil
}

// match compares a path with the route's. Parameters stay percent-encoded.
//
// Seen: recorded (test_lambda_aws_proxy_integration).
func (r *Route) match(path string) (parameters map[string]string, ok bool) {
	template := strings.Trim(r.Path, "/")
	for template != "" || path != "" {
		want, templateRest, _ := strings.Cut(template, "/")
		got, rest, _ := strings.Cut(path, "/")
		name, isParameter := strings.CutPrefix(strings.TrimSuffix(want, "}"), "{")
		name, greedy := strings.CutSuffix(name, "+")
		if isParameter && greedy {
			got, rest = path, ""
		}
		switch {
		case isParameter && got != "":
			if parameters == nil {
				parameters = map[string]string{}
			}
			parameters[name] = got
		case got != want || want == "":
			return nil, false
		}
		template, path = templateRest, rest
	}
	return parameters, true
}

// rank sorts routes: a literal segment comes before a parameter, that before a
// greedy one, and a method before ANY.
func (r *Route) rank() string {
	var rank strings.Builder
	for segment := range strings.SplitSeq(r.Path, "/") {
		switch {
		case strings.HasSuffix(segment, "+}"):
			rank.WriteByte('2')
		case strings.HasPrefix(segment, "{"):
			rank.WriteByte('1')
		default:
			rank.WriteByte('0')
		}
	}
	if r.Method == methodAny {
		rank.WriteByte('1')
	}
	return rank.String()
}
