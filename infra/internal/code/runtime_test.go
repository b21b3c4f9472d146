package code_test

import (
	"path/filepath"
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestAppRuntime_is_the_one_that_is_given_or_that_files_suggest(t *testing.T) {
	for name, test := range map[string]struct {
		file, given, want string
		problem           []string
	}{
		"requirements.txt": {"requirements.txt", "", "python3.13", nil},
		"pyproject.toml":   {"pyproject.toml", "", "python3.13", nil},
		"package.json":     {"package.json", "", "nodejs24.x", nil},
		"given":            {"package.json", "python3.12", "python3.12", nil},
		"no files":         {"app.py", "", "", []string{"WebAppHandler got no Runtime", "none of requirements.txt, pyproject.toml and package.json", "Runtime_PYTHON_3_13()", "Runtime_PROVIDED_AL2023()"}},
		"OS only":          {"server", "provided.al2023", "provided.al2023", nil},
		"Java":             {"app.jar", "java25", "java25", nil},
		".NET":             {"app.dll", "dotnet10", "dotnet10", nil},
		"Ruby":             {"config.ru", "ruby4.0", "ruby4.0", nil},
		"other runtime":    {"app", "go1.x", "", []string{"got Runtime go1.x, which can't start a program of the app", "Runtime_PROVIDED_AL2023()", "ImageHandler"}},
	} {
		t.Run(name, func(t *testing.T) {
			runtime, err := code.AppRuntime("WebAppHandler", directoryOf(t, test.file, ""), test.given)
			wantError(t, err, test.problem...)
			if runtime.Name != test.want {
				t.Errorf("got %s, want %s", runtime.Name, test.want)
			}
		})
	}
	_, err := code.PythonRuntime("PythonHandler", "nodejs24.x")
	wantError(t, err, "PythonHandler got Runtime nodejs24.x", "Runtime_PYTHON_3_13()")
}

func TestCheckDirectory_says_what_to_do(t *testing.T) {
	dir := directoryOf(t, "app.py", "")
	for name, want := range map[string][]string{
		dir:                           nil,
		"":                            {"WebAppHandler got no directory", "./app"},
		"./nowhere":                   {"WebAppHandler got the directory ./nowhere, which doesn't exist in"},
		filepath.Join(dir, "app.py"):  {"which is a file: pass the directory"},
		filepath.Join(dir, "missing"): {"doesn't exist in"},
	} {
		wantError(t, code.CheckDirectory("WebAppHandler", name), want...)
	}
}
