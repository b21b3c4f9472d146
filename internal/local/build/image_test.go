package build

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
)

// imageURI is what the CDK writes for an image asset with the tag 1.
const imageURI = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}:1"

// app is a web app. A request for /api/pair responds once two processes have one.
const app = `import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/api/pair":
            open(os.path.join(os.environ["PAIR"], str(os.getpid())), "w").close()
            for _ in range(1000):
                if len(os.listdir(os.environ["PAIR"])) > 1: break
                time.sleep(0.01)
            else:
                return self.send_error(504)
        body = "%s in %s, %s, %s" % (sys.argv[1:], os.path.basename(os.getcwd()), os.environ.get("GREETING"), os.getpid())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`

// client is a client of the Runtime API. It uses no proxy: a container wouldn't know
// the one of this machine.
const client = `import os, urllib.request
urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(api + "next")
    urllib.request.urlopen(api + event.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", b'"by itself"').read()
`

// imageFiles are a Dockerfile after its FROM and the adapter, and what it is built
// with.
func imageFiles(instructions string) map[string]string {
	return map[string]string{
		"Dockerfile": "FROM python:3.13-slim\n" + dockerfile.CopyAdapter + "\n" + instructions,
		"src/app.py": app, "src/run.sh": "#!/bin/sh\nexec python3 app.py script\n",
	}
}

// imageAssembly returns the site with a function of an image that is built from
// files.
func imageAssembly(t *testing.T, files map[string]string, change func(api object)) string {
	t.Helper()
	dir := siteAssembly(t, func(r object) {
		withLayers()(r)
		api := properties(r, "Api")
		for _, name := range []string{"Runtime", "Handler", "Layers"} {
			delete(api, name)
		}
		api["PackageType"], api["Code"], api["Timeout"] = "Image", object{"ImageUri": object{"Fn::Sub": imageURI}}, 30
		if change != nil {
			change(api)
		}
	})
	for name, content := range files {
		path := filepath.Join(dir, "asset.image", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "Site.assets.json")
	manifest := decodeFile(t, file)
	manifest["dockerImages"] = object{"1": object{
		"source": object{"directory": "asset.image", "dockerBuildArgs": object{"GREETING": "hello"}},
		"destinations": object{"here": object{
			"repositoryName": "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}", "imageTag": "1",
		}},
	}}
	text, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// onlyPrograms sets PATH to a directory that has only these programs, and Python.
func onlyPrograms(t *testing.T, programs map[string]string) string {
	t.Helper()
	output, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Skipf("this test needs Python: %v", err)
	}
	dir := t.TempDir()
	if err := os.Symlink(strings.TrimSpace(string(output)), filepath.Join(dir, "python3")); err != nil {
		t.Fatal(err)
	}
	for name, content := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestImage_runs_the_command_of_its_Dockerfile(t *testing.T) {
	tests := map[string]struct {
		instructions string
		change       func(api object)
		options      Options
		want         string
	}{
		"shell form": {"ARG GREETING\nENV GREETING=$GREETING\nWORKDIR /app\nCOPY src/ ./\nCMD exec python3 app.py $GREETING", nil, Options{},
			"['hello'] in src, hello, "},
		"exec form, with a path of the image": {"COPY . /srv\nCMD [\"/usr/local/bin/python\", \"/srv/src/app.py\", \"--dir=/srv/src\"]", nil, Options{},
			"['--dir=ASSET/src'] in asset.image, None, "},
		"a script of the image": {"WORKDIR /app/src\nCOPY . /app\nCMD [\"/app/src/run.sh\"]", nil, Options{}, "['script'] in src, None, "},
		"a relative script":     {"WORKDIR /app\nCOPY src .\nENTRYPOINT [\"./run.sh\"]", nil, Options{}, "['script'] in src, None, "},
		"ImageConfig": {"WORKDIR /app\nCOPY . .\nENV GREETING=image\nENTRYPOINT [\"python3\"]\nCMD [\"nothing.py\"]", func(api object) {
			api["ImageConfig"] = object{"Command": []any{"app.py", "config"}, "WorkingDirectory": "/app/src"}
			api["Environment"] = object{"Variables": object{"GREETING": "function"}}
		}, Options{}, "['config'] in src, function, "},
		"a command by logical id":     {"COPY src /app\nWORKDIR /app", nil, Options{Commands: map[string]string{"Api": "exec python3 app.py $PORT | cat"}}, "['PORT'] in src, None, "},
		"a command by construct path": {"COPY src /app\nWORKDIR /app", nil, Options{Commands: map[string]string{"Site/Api/Function": "python3 app.py x"}}, "['x'] in src, None, "},
		"a directory that isn't copied": {"WORKDIR /made\nRUN make\nCMD [\"python3\", \"src/app.py\"]", nil, Options{},
			"[] in asset.image, None, "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			onlyPrograms(t, nil)
			dir := imageAssembly(t, imageFiles(test.instructions), test.change)
			edge, log := open(t, dir, test.options)
			resp, body := get(t, edge, "/api/")
			body = strings.ReplaceAll(body, filepath.Join(dir, "asset.image"), "ASSET")
			want := test.want
			if strings.Contains(want, "PORT") {
				body = digits.ReplaceAllString(body, "PORT")
			}
			if resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, want) {
				t.Errorf("got %d %s, want %s; log %s", resp.StatusCode, body, want, log)
			}
			if test.options.Commands == nil {
				log.Want(t, "level=INFO", "Site/Api/Function runs without a container, with this machine's programs: ", "its base image python:3.13-slim, its user, ")
			}
		})
	}
}

func TestImage_runs_in_several_environments_at_once(t *testing.T) {
	onlyPrograms(t, nil)
	pair := t.TempDir()
	edge, _ := open(t, imageAssembly(t, imageFiles("ENV PORT=8080\nWORKDIR /app\nCOPY src .\nCMD [\"python3\", \"app.py\"]"), func(api object) {
		api["Environment"] = object{"Variables": object{"PAIR": pair}}
	}), Options{})
	bodies := make([]string, 2)
	var requests sync.WaitGroup
	for i := range bodies {
		requests.Go(func() { _, bodies[i] = get(t, edge, "/api/pair") })
	}
	requests.Wait()
	if bodies[0] == bodies[1] || !strings.HasPrefix(bodies[0], "[] in src") || !strings.HasPrefix(bodies[1], "[] in src") {
		t.Errorf("got %q, want responses of two processes", bodies)
	}
}

func TestImage_that_dies_at_start_is_502_with_its_output(t *testing.T) {
	onlyPrograms(t, nil)
	for command, cause := range map[string]string{
		`["python3", "-c", "raise SystemExit('no database')"]`: "no database",
		`true && gunicorn --bind 0.0.0.0:$PORT app:app`:        "a program of the command isn't on this machine",
		`exec gunicorn --bind 0.0.0.0:$PORT app:app`:           "such as bin of a virtual environment",
	} {
		edge, log := open(t, imageAssembly(t, imageFiles("CMD "+command), nil), Options{})
		if resp, body := get(t, edge, "/api/"); resp.StatusCode != http.StatusBadGateway {
			t.Errorf("%s: got %d %s", command, resp.StatusCode, body)
		}
		log.Want(t, cause)
		log.Want(t, "level=ERROR", "Runtime exited with error", "hint=")
	}
}

func TestImage_that_this_machine_cannot_run_is_501(t *testing.T) {
	onlyPrograms(t, nil)
	tool := func(api object) { api["ImageConfig"] = object{"EntryPoint": []any{"/opt/tool"}} }
	for _, test := range []struct {
		instructions string
		change       func(object)
		words        []string
	}{
		{"WORKDIR /app\nCMD [\"gunicorn\", \"app:app\"]", nil, []string{"Site/Api/Function: gunicorn isn't on this machine, and ", "the command of its image runs it",
			"install it", "in PATH, such as bin of a virtual environment", "--run Api='COMMAND'"}},
		{"CMD x", tool, []string{"Site/Api/Function: /opt/tool isn't on this machine"}},
		{"ENV A", nil, []string{"asset.image/Dockerfile:3: ENV A has no value"}},
	} {
		edge, _ := open(t, imageAssembly(t, imageFiles(test.instructions), test.change), Options{})
		wantStub(t, edge, "/api/", test.words...)
	}
}

// What the Dockerfile says doesn't matter where something else runs the app.
func TestImage_whose_Dockerfile_is_not_read_runs_by_a_command(t *testing.T) {
	for name, instructions := range map[string]string{"unsupported": "ENV A=${B%c}", "invalid": "COPPY . ."} {
		t.Run(name, func(t *testing.T) {
			onlyPrograms(t, nil)
			dir := imageAssembly(t, imageFiles(instructions), nil)
			edge, log := open(t, dir, Options{Commands: map[string]string{"Api": "exec python3 src/app.py x"}})
			if resp, body := get(t, edge, "/api/"); !strings.HasPrefix(body, "['x'] in asset.image") {
				t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
			}
		})
	}
}

func TestImage_says_what_of_its_Dockerfile_is_not_executed(t *testing.T) {
	onlyPrograms(t, nil)
	_, log := open(t, imageAssembly(t, imageFiles("WORKDIR /app\nRUN make\nCOPY --from=tools /a /b\nCOPY src .\nCMD [\"python3\", \"app.py\"]"), nil), Options{})
	log.Want(t, "RUN and COPY --from of its Dockerfile aren't executed, so this machine must have what they install or make (line 4, 5)",
		"if the app depends on that, set a command with --run Api='COMMAND'")
}

func TestImage_that_this_machine_cannot_run_is_a_stub(t *testing.T) {
	onlyPrograms(t, nil)
	for text, words := range map[string][]string{
		"FROM public.ecr.aws/lambda/python:3.13\nCOPY src/app.py ${LAMBDA_TASK_ROOT}\nCMD [\"app.handler\"]": {
			"Site/Api/Function, Code.ImageUri: needs the entry point of its base image public.ecr.aws/lambda/python:3.13", "--run Api='COMMAND'", "--origin Api=URL"},
		"FROM python\nENV A=b\nENV C=${A%b}\nCMD [\"python3\"]": {
			"Site/Api/Function, Code.ImageUri: needs --run: ", "/asset.image/Dockerfile:3: ${A%b} is neither", "--run Api='COMMAND'"},
		"FROM company/app:1\n" + dockerfile.CopyAdapter: {"runs the command of its base image company/app:1", "write CMD into the Dockerfile"},
	} {
		edge, _ := open(t, imageAssembly(t, map[string]string{"Dockerfile": text}, nil), Options{})
		wantStub(t, edge, "/api/", words...)
	}
}

func TestImage_without_the_adapter_is_a_client_of_the_Runtime_API(t *testing.T) {
	onlyPrograms(t, nil)
	edge, log := open(t, imageAssembly(t, map[string]string{"Dockerfile": "FROM python\nCOPY main.py /\nCMD [\"python3\", \"/main.py\"]", "main.py": client}, nil), Options{})
	if resp, body := get(t, edge, "/api/"); body != `"by itself"` {
		t.Errorf("got %d %s; log %s", resp.StatusCode, body, log)
	}
	log.Want(t, "level=WARN", "gets requests only if its command is a client of Lambda's Runtime API", "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:")
}

var digits = regexp.MustCompile(`\d+`)
