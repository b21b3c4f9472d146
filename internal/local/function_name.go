package local

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// names reports whether name means the function that r defines, and the
// version or alias that it adds. A name is a function's name, its ARN, or
// account:function:name, each with an optional qualifier behind a colon.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func names(r *template.Resource, name string) (qualifier string, ok bool) {
	function, err := r.Attribute("Ref")
	if err != nil {
		return "", false
	}
	arn, err := r.Attribute("Arn")
	if err != nil {
		return "", false
	}
	for _, form := range []string{arn, r.Account + ":function:" + function, function} {
		if name == form {
			return "", true
		}
		if rest, found := strings.CutPrefix(name, form+":"); found && !strings.Contains(rest, ":") {
			return rest, true
		}
	}
	return "", false
}
