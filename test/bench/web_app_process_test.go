package bench

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/watch"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// A webApp is one that is synthesized for this machine.
type webApp struct {
	name     string
	assembly string
}

// webApps synthesizes the apps of testdata/webapps. Without Python, those in Python
// are left out.
func webApps(b *testing.B) []webApp {
	b.Helper()
	executable := made(b, webAppStack)
	context, names := map[string]any{}, []string{"go"}
	for key, value := range watch.ContextOfMachine() {
		context[key] = value
	}
	if context["cloudfurl:python"] != nil {
		names = append(names, "flask", "fastapi")
	} else {
		b.Log("Flask and FastAPI are left out: there is no Python")
	}
	var apps []webApp
	for _, name := range names {
		context["app"] = name
		app := webApp{name, filepath.Join(work, name+".cdk.out")}
		env, err := synthEnvironment(app.assembly, context)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := run(env, executable); err != nil {
			b.Fatal(err)
		}
		apps = append(apps, app)
	}
	return apps
}

// code returns the directory of the app's code.
func (a webApp) code(b *testing.B) string {
	b.Helper()
	for _, name := range []string{"bootstrap", "cloudfurl-start.sh"} {
		if found, err := filepath.Glob(filepath.Join(a.assembly, "asset.*", name)); err == nil && len(found) == 1 {
			return filepath.Dir(found[0])
		}
	}
	b.Fatalf("%s has no code", a.assembly)
	return ""
}

// start runs the app outside Lambda.
func (a webApp) start(b *testing.B) *process {
	b.Helper()
	code := a.code(b)
	if a.name == "go" {
		return startHandler(b, filepath.Join(code, "bootstrap"))
	}
	env := []string{"LAMBDA_TASK_ROOT=" + code, "PORT=" + freePort(b)}
	return start(b, true, env, "sh", "-c", `cd "$LAMBDA_TASK_ROOT" && exec ./cloudfurl-start.sh`)
}

// serve serves the app by the command cloudfurl.
func (a webApp) serve(b *testing.B) *process {
	b.Helper()
	args := []string{"local", "--assembly", a.assembly, "--listen", "127.0.0.1:0"}
	template, err := os.ReadFile(filepath.Join(a.assembly, "WebApp.template.json"))
	if err != nil {
		b.Fatal(err)
	}
	name := regexp.MustCompile(`\d+:layer:LambdaAdapterLayer\w+:\d+`).FindString(string(template))
	if layer := adapterLayer(); layer != "" && name != "" {
		args = append(args, "--layer", "arn:aws:lambda:us-east-1:"+name+"="+layer)
	}
	return start(b, false, nil, made(b, command), args...)
}

// zipped returns the size in MB of the app's code as it is deployed. A Python that
// ran may have left its bytecode.
func (a webApp) zipped(b *testing.B) float64 {
	b.Helper()
	var size countingWriter
	archive := zip.NewWriter(&size)
	code := os.DirFS(a.code(b))
	err := fs.WalkDir(code, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.Contains(path, "__pycache__") {
			return err
		}
		return addFile(archive, code, path)
	})
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return float64(size) / 1e6
}

func addFile(archive *zip.Writer, files fs.FS, path string) error {
	source, err := files.Open(path)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := archive.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return err
}

type countingWriter int64

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

// adapterName says which adapter the apps in Python run behind.
func adapterName() string {
	if adapterLayer() == "" {
		return "stand-in"
	}
	return "adapter"
}

// adapterLayer returns the layer of AWS's adapter if "make adapter" has made it,
// or "".
func adapterLayer() string {
	layer, err := filepath.Abs(filepath.Join("..", "..", "bin", "adapter", "layer"))
	if err != nil {
		return ""
	}
	if _, err := os.Stat(filepath.Join(layer, "extensions", "lambda-adapter")); err != nil {
		return ""
	}
	return layer
}

// memoryOfChildren returns the memory in MB of all processes that the process
// started: what they share is counted once.
func (p *process) memoryOfChildren(b *testing.B) float64 {
	b.Helper()
	pids := localtest.Children(p.cmd.Process.Pid)
	for i := 0; i < len(pids); i++ {
		pid, err := strconv.Atoi(pids[i])
		if err != nil {
			b.Fatal(err)
		}
		pids = append(pids, localtest.Children(pid)...)
	}
	var kilobytes float64
	for _, pid := range slices.Compact(slices.Sorted(slices.Values(pids))) {
		rollup, err := os.ReadFile(filepath.Join("/proc", pid, "smaps_rollup"))
		if err != nil {
			continue // it ended meanwhile
		}
		for line := range strings.Lines(string(rollup)) {
			var proportional float64
			if _, err := fmt.Sscanf(line, "Pss: %f kB", &proportional); err == nil {
				kilobytes += proportional
			}
		}
	}
	if kilobytes == 0 {
		b.Fatal("the memory of processes is read from Linux's /proc")
	}
	return kilobytes / 1024
}

func freePort(b *testing.B) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
