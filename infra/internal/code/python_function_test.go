package code_test

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestPythonFiles_have_the_module(t *testing.T) {
	const handler = "lambda_function.lambda_handler"
	for name, test := range map[string]struct {
		handler string
		files   []string
		want    []string
	}{
		"module":      {handler, []string{"lambda_function.py", "from app import lambda_handler\n"}, nil},
		"package":     {handler, []string{"lambda_function/__init__.py", ""}, nil},
		"no module":   {"app.main.handler", nil, []string{`got Handler "app.main.handler"`, "no app/main.py"}},
		"no function": {"lambda_function", nil, []string{"use the module and the function"}},
		"a space":     {"lambda function.handler", nil, []string{"use the module and the function"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := code.PythonFiles(directoryOf(t, test.files...), test.handler)
			wantError(t, err, test.want...)
		})
	}
}
