package code_test

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestPythonFiles_may_define_the_function(t *testing.T) {
	const handler = "lambda_function.lambda_handler"
	for name, test := range map[string]struct {
		handler string
		files   []string
		want    []string
	}{
		"import":         {handler, []string{"lambda_function.py", "from app import (\n    lambda_handler,\n)\n"}, nil},
		"alias":          {handler, []string{"lambda_function.py", "import app as lambda_handler\n"}, nil},
		"star":           {handler, []string{"lambda_function.py", "from app import *\n"}, nil},
		"dynamic":        {handler, []string{"lambda_function.py", "globals()['lambda_' + 'handler'] = print\n"}, nil},
		"package":        {handler, []string{"lambda_function/__init__.py", "lambda_handler = print\n"}, nil},
		"package before": {handler, []string{"lambda_function/__init__.py", "lambda_handler = print\n", "lambda_function.py", ""}, nil},
		"no module":      {"app.main.handler", nil, []string{`got Handler "app.main.handler"`, "no app/main.py"}},
		"other function": {"lambda_function.handler", []string{"lambda_function.py", "def lambda_handler(): pass\n"}, []string{"and lambda_function.py of ", " has no handler: define it"}},
		"no function":    {"lambda_function", nil, []string{"give the module and the function"}},
		"a space":        {"lambda function.handler", nil, []string{"give the module and the function"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := code.PythonFiles(directoryOf(t, test.files...), test.handler)
			wantError(t, err, test.want...)
		})
	}
}
