package infra

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// checkAppDirectory panics with an *Error unless a handler has a directory.
func checkAppDirectory(scope constructs.Construct, handler, dir string) {
	if dir == "" {
		construct.Fail(scope, nil, `%s got an empty directory: give that of the app, such as "./app"`, handler)
	}
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		construct.Fail(scope, nil, "%s got the directory %s, which doesn't exist in %s: correct the path", handler, dir, workingDirectory())
	case err != nil:
		construct.Fail(scope, nil, "%s got the directory %s, which can't be read: %v", handler, dir, err)
	case !info.IsDir():
		construct.Fail(scope, nil, "%s got %s, which is a file: give the directory that holds it", handler, dir)
	}
}

// hasFile reports whether a directory has one of the files.
func hasFile(dir string, names ...string) bool {
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

// A languageRuntime is a runtime of Python or Node.js.
type languageRuntime struct {
	runtime awslambda.Runtime

	// python is the version of Python, such as "3.13", or "" for Node.js.
	python string
}

// appRuntime returns the runtime that is given, or else the one for an app's
// files.
func appRuntime(scope constructs.Construct, handler, dir string, given awslambda.Runtime) languageRuntime {
	if given == nil {
		switch {
		case hasFile(dir, "requirements.txt", "pyproject.toml"):
			given = awslambda.Runtime_PYTHON_3_13()
		case hasFile(dir, "package.json"):
			given = awslambda.Runtime_NODEJS_24_X()
		default:
			construct.Fail(scope, nil, "%s got no Runtime, and %s has none of requirements.txt, pyproject.toml and package.json: "+
				"give one, such as awslambda.Runtime_PYTHON_3_13() or awslambda.Runtime_NODEJS_24_X()", handler, dir)
		}
	}
	name := *given.Name()
	if version, ok := strings.CutPrefix(name, "python"); ok {
		return languageRuntime{given, version}
	}
	if !strings.HasPrefix(name, "nodejs") {
		construct.Fail(scope, nil, "%s got Runtime %s: give one of Python or Node.js, or use ImageHandler for other languages", handler, name)
	}
	return languageRuntime{given, ""}
}

// Programs that only the runtimes of one language have.
//
// Inferred: AWS documents what each runtime has, and none has the other language.
var (
	pythonPrograms = []string{"python", "python3", "pip"}
	nodePrograms   = []string{"node", "npm", "npx"}
)

// checkProgram panics with an *Error if a command starts a program of the other
// language than the runtime that an app's files suggest.
func checkProgram(scope constructs.Construct, dir, command string, suggested languageRuntime) {
	missing, other := pythonPrograms, "awslambda.Runtime_PYTHON_3_13()"
	if suggested.python != "" {
		missing, other = nodePrograms, "awslambda.Runtime_NODEJS_24_X()"
	}
	if words := strings.Fields(command); len(words) > 0 && slices.Contains(missing, words[0]) {
		construct.Fail(scope, nil, "got Command %q and no Runtime, which is %s by the files of %s and has no %s: give one, such as %s",
			command, *suggested.runtime.Name(), dir, words[0], other)
	}
}

// pythonRuntime returns the runtime that is given if it is one of Python, or a
// default.
func pythonRuntime(scope constructs.Construct, handler string, given awslambda.Runtime) languageRuntime {
	if given == nil {
		given = awslambda.Runtime_PYTHON_3_13()
	}
	version, ok := strings.CutPrefix(*given.Name(), "python")
	if !ok {
		construct.Fail(scope, nil, "%s got Runtime %s: give one of Python, such as awslambda.Runtime_PYTHON_3_13()", handler, *given.Name())
	}
	return languageRuntime{given, version}
}

// example returns a Command for the runtime's language, in quotes.
func (r languageRuntime) example() string {
	if r.python != "" {
		return fmt.Sprintf("%q", "python -m gunicorn --bind 0.0.0.0:$PORT app:app")
	}
	return fmt.Sprintf("%q", "node server.js")
}
