package infra_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/cloudfurl/cloudfurl/infra"
)

func TestWebAppHandler_starts_the_command_with_the_packages_of_the_app(t *testing.T) {
	for name, test := range map[string]struct {
		command string
		runtime awslambda.Runtime
		want    string
	}{
		"Python": {`echo "$PATH" "$PYTHONPATH" "$PORT"`, awslambda.Runtime_PYTHON_3_12(),
			"ROOT/bin:/bin:/usr/bin ROOT:/opt/python:/opt/python/lib/python3.12/site-packages:/own:/var/runtime 8080"},
		"Node.js":          {`echo $PATH`, awslambda.Runtime_NODEJS_24_X(), "ROOT/node_modules/.bin:/bin:/usr/bin"},
		"several commands": {"cd lib && pwd", awslambda.Runtime_NODEJS_24_X(), "ROOT/lib"},
		"assignment":       {"NAME=app sh -c 'echo $NAME'", awslambda.Runtime_NODEJS_24_X(), "app"},
		"replaces sh":      {`sh -c 'echo $PPID'`, awslambda.Runtime_NODEJS_24_X(), "PARENT"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "lib"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "lib", "a"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			asset, _ := assets(t, infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: test.command, Runtime: test.runtime}), nil)
			command := exec.Command(filepath.Join(asset, "cloudfurl-start.sh"))
			command.Dir = asset
			command.Env = []string{"PATH=/bin:/usr/bin", "LAMBDA_TASK_ROOT=" + asset, "LAMBDA_RUNTIME_DIR=/var/runtime", "PYTHONPATH=/own", "PORT=8080"}
			output, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			want := strings.ReplaceAll(test.want, "ROOT", asset)
			if want == "PARENT" {
				want = strconv.Itoa(os.Getpid())
			}
			if got := strings.TrimSpace(string(output)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
