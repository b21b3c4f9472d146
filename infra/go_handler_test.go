package infra_test

import (
	"debug/macho"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// built defines a function of a handler, compiles it, and returns the asset's
// key in its template.
func built(t *testing.T, handler infra.Handler, architecture awslambda.Architecture) (key string, executable string) {
	t.Helper()
	out := t.TempDir()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(out), AnalyticsReporting: jsii.Bool(false)})
	infra.NewHandlerFunction(newStack(app, "Consumer", "eu-west-1"), jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler:         handler,
		FunctionOptions: &awslambda.FunctionOptions{Architecture: architecture},
	})
	key = synthtest.At(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties, "Code", "S3Key").(string)
	return key, filepath.Join(out, "asset."+strings.TrimSuffix(key, ".zip"), "bootstrap")
}

func TestGoHandler_builds_the_same_bytes_from_any_place(t *testing.T) {
	// A module of its own, in two directories.
	write := func(dir, name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var keys []string
	for range 2 {
		dir := t.TempDir()
		write(dir, "go.mod", "module example.com/handler\n\ngo 1.26\n")
		write(dir, "main.go", "package main\n\nfunc main() { println(\"handler\") }\n")
		key, executable := built(t, infra.GoHandler("example.com/handler", &infra.GoHandlerProps{Dir: dir}), awslambda.Architecture_ARM_64())
		keys = append(keys, key)

		info, err := os.Stat(executable)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o755 {
			t.Errorf("got mode %v, want -rwxr-xr-x: Lambda starts bootstrap", info.Mode())
		}
	}
	if keys[0] != keys[1] {
		t.Errorf("got assets %s and %s, want the same", keys[0], keys[1])
	}
}

func TestGoHandler_builds_for_the_machine_that_the_context_names(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{"go.mod": "module example.com/handler\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() { println(1) }\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir:             jsii.String(out),
		AnalyticsReporting: jsii.Bool(false),
		Context:            &map[string]any{"cloudfurl:goos": "darwin", "cloudfurl:goarch": "amd64"},
	})
	infra.NewHandlerFunction(newStack(app, "Consumer", "eu-west-1"), jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: infra.GoHandler(".", &infra.GoHandlerProps{Dir: dir}),
	})
	app.Synth(nil)
	executables, err := filepath.Glob(filepath.Join(out, "asset.*", "bootstrap"))
	if err != nil || len(executables) != 1 {
		t.Fatalf("got executables %v (%v), want one", executables, err)
	}
	program, err := macho.Open(executables[0])
	if err != nil {
		t.Fatalf("got no Mach-O program: %v", err)
	}
	defer program.Close()
	if program.Cpu != macho.CpuAmd64 {
		t.Errorf("got a program for %v, want amd64", program.Cpu)
	}
}

func TestGoHandler_builds_what_its_props_say(t *testing.T) {
	plain, _ := built(t, infra.GoHandler("./testdata/handler"), awslambda.Architecture_ARM_64())
	for name, test := range map[string]struct {
		handler      infra.Handler
		architecture awslambda.Architecture
	}{
		"architecture": {infra.GoHandler("./testdata/handler"), awslambda.Architecture_X86_64()},
		"linker flags": {infra.GoHandler("./testdata/handler", &infra.GoHandlerProps{LinkerFlags: []string{"-X main.version=2"}}), awslambda.Architecture_ARM_64()},
		"build tags":   {infra.GoHandler("./testdata/handler", &infra.GoHandlerProps{BuildTags: []string{"extra"}}), awslambda.Architecture_ARM_64()},
	} {
		t.Run(name, func(t *testing.T) {
			if key, _ := built(t, test.handler, test.architecture); key == plain {
				t.Error("got the same asset as without it, want another")
			}
		})
	}
}

func TestGoHandler_fails_with_the_output_of_the_compiler(t *testing.T) {
	for name, test := range map[string]struct {
		handler infra.Handler
		want    []string
	}{
		"does not compile":  {infra.GoHandler("./testdata/broken"), []string{"Consumer/Handler", "./testdata/broken", "undefined: undefinedFunction", "main.go:4"}},
		"no ./":             {infra.GoHandler("testdata/handler"), []string{"Consumer/Handler: ", "couldn't build testdata/handler", `import path, use "./testdata/handler"`}},
		"no ./ below Dir":   {infra.GoHandler("handler", &infra.GoHandlerProps{Dir: "testdata"}), []string{`in directory testdata, where it is a directory`, `use "./handler"`}},
		"no main package":   {infra.GoHandler("./testdata/library"), []string{"./testdata/library", "requires exactly one main package"}},
		"no such package":   {infra.GoHandler("./testdata/nowhere"), []string{"./testdata/nowhere", "directory not found"}},
		"several":           {infra.GoHandler("./testdata/two/..."), []string{"requires exactly one main package"}},
		"no such directory": {infra.GoHandler(".", &infra.GoHandlerProps{Dir: "./testdata/nowhere"}), []string{"testdata/nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() { built(t, test.handler, awslambda.Architecture_ARM_64()) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}

func TestHandlerFunction_fails_without_handler(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	message := synthtest.Failure(t, func() { infra.NewHandlerFunction(stack, jsii.String("Handler"), nil) })
	if !strings.Contains(message, "Consumer/Handler") || !strings.Contains(message, "no Handler") {
		t.Errorf("got %q, want the path and what is missing", message)
	}
}

func TestGoHandler_compiles_again_after_a_failure(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	define := func() {
		app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(out), AnalyticsReporting: jsii.Bool(false)})
		infra.NewHandlerFunction(newStack(app, "Consumer", "eu-west-1"), jsii.String("Handler"), &infra.HandlerFunctionProps{
			Handler: infra.GoHandler(".", &infra.GoHandlerProps{Dir: dir}),
		})
		synthtest.Templates(app)
	}
	write("go.mod", "module example.com/handler\n\ngo 1.26\n")
	write("main.go", "package main\n\nfunc main() { missing() }\n")
	if message := synthtest.Failure(t, define); !strings.Contains(message, "undefined: missing") {
		t.Errorf("got %q, want the compiler's output", message)
	}
	write("main.go", "package main\n\nfunc main() {}\n")
	define()
}
