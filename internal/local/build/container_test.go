package build

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
)

// fakeEngine is a client of a container engine that records its arguments, and runs
// the command of a container on this machine. It exits like the clients do if no
// engine runs, unless RUNS is yes.
const fakeEngine = `#!/bin/sh
echo "$@" >>'RECORD'
case $1 in
version|info)
	[ RUNS = yes ] || { echo "Client: 1.0"; echo "Cannot connect to the daemon" >&2; exit 1; }
	exit ;;
build) echo "#1 building"; exit ;;
image) echo '{"Env":["GREETING=image","PATH=/usr/bin:/bin"],"Cmd":["PYTHON","main.py"],"Entrypoint":null}'; exit ;;
rm) exit ;;
esac
shift
entrypoint=
while :; do
	case $1 in
	--env-file) while IFS= read -r line; do export "$line"; done <"$2"; shift 2 ;;
	--entrypoint) entrypoint=$2; shift 2 ;;
	--name|--network|--tmpfs|--env) shift 2 ;;
	--*) shift ;;
	*) break ;;
	esac
done
shift # the image
[ -z "$entrypoint" ] && [ $# = 0 ] && set -- PYTHON main.py
exec $entrypoint "$@"
`

// withEngine puts a fake engine into PATH, and returns the file of its record.
func withEngine(t *testing.T, name, runs string) string {
	t.Helper()
	record := filepath.Join(t.TempDir(), "record")
	dir := onlyPrograms(t, nil)
	python, err := filepath.EvalSymlinks(filepath.Join(dir, "python3"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("RECORD", record, "RUNS", runs, "PYTHON", python).Replace(fakeEngine)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return record
}

func TestImage_runs_in_containers_of_an_engine(t *testing.T) {
	for name, more := range map[string]string{
		"with extensions": dockerfile.CopyAdapter, "without": "", "with what isn't read": "ENV A=${B%c}",
		"with an instruction of the future": "NEW x", // which may copy extensions
	} {
		t.Run(name, func(t *testing.T) {
			record := withEngine(t, "podman", "yes")
			const text = "FROM python AS app\nCOPY main.py /\nCMD [\"python3\", \"/main.py\"]\n"
			dir := imageAssembly(t, map[string]string{"Dockerfile": text + more, "main.py": client}, func(api object) {
				api["Environment"] = object{"Variables": object{"SECRET": "hunter2"}}
			})
			t.Run("served", func(t *testing.T) {
				edge, log := open(t, dir, Options{})
				if resp, body := get(t, edge, "/api/"); resp.StatusCode != http.StatusOK || body != `"by itself"` {
					t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
				}
				log.Want(t, "builds its container image with podman")
				log.Want(t, "#1 building")
			})
			calls := strings.Split(strings.TrimSpace(readText(t, record)), "\n")
			directory := filepath.Join(dir, "asset.image")
			want := []string{
				"info", "build --tag cloudfurl-1 --file " + directory + "/Dockerfile --build-arg GREETING=hello " + directory,
				"image inspect ", "run --rm --init --name cloudfurl-", "rm --force cloudfurl-",
			}
			if len(calls) != len(want) {
				t.Fatalf("got the calls %q, want %q", calls, want)
			}
			for i := range want {
				if !strings.HasPrefix(calls[i], want[i]) || strings.Contains(calls[i], "hunter2") {
					t.Errorf("call %d is %q, want %q and no secret", i, calls[i], want[i])
				}
			}
			run := strings.Fields(calls[3])
			if !strings.HasSuffix(calls[4], run[4]) {
				t.Errorf("got %q, want the container of %q removed", calls[4], calls[3])
			}
			if got := strings.Contains(calls[3], "--entrypoint /bin/sh cloudfurl-1 -c for extension in /opt/extensions/*"); got != (more == dockerfile.CopyAdapter || more == "NEW x") {
				t.Errorf("extensions are started: %t, in %q", got, calls[3])
			}
		})
	}
}

func TestImage_says_once_that_an_engine_does_not_run(t *testing.T) {
	record := withEngine(t, "docker", "no")
	dir := imageAssembly(t, imageFiles("COPY src /app\nWORKDIR /app\nCMD [\"python3\", \"app.py\"]"), nil)
	edge, log := open(t, dir, Options{})
	if resp, body := get(t, edge, "/api/"); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
	}
	log.Want(t, "level=WARN", "docker can't be used", "docker version: Cannot connect to the daemon", "start its engine")
	if got := readText(t, record); got != "version\n" {
		t.Errorf("got the calls %q, want one", got)
	}
}
