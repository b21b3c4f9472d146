package dockerfile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const copyAdapter = CopyAdapter + "\n"

// parse returns the image of a Dockerfile, whose path is Dockerfile in a directory
// of its own.
func parse(t *testing.T, text string, buildArgs map[string]string, target string) (*Image, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Dockerfile")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Parse(file, buildArgs, target)
}

func mustParse(t *testing.T, text string) *Image {
	t.Helper()
	image, err := parse(t, text, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return image
}

func TestParse_returns_what_a_web_app_runs(t *testing.T) {
	image := mustParse(t, `# syntax=docker/dockerfile:1
# A comment.
ARG PYTHON=3.13
FROM python:${PYTHON}-slim
`+copyAdapter+`
ENV PORT=8000 \
    # a comment within
    AWS_LWA_READINESS_CHECK_PATH="/health check"

WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt && \
    rm -rf /var/cache
COPY . .
USER nobody
EXPOSE 8000/tcp 9000
CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
`)
	want := Image{
		Base:    "python:3.13-slim",
		Env:     map[string]string{"PORT": "8000", "AWS_LWA_READINESS_CHECK_PATH": "/health check"},
		WorkDir: "/app", Ports: []string{"8000/tcp", "9000"}, Adapter: true, NotExecuted: []int{13},
		Cmd: []string{"python", "-m", "gunicorn", "--bind", "0.0.0.0:8000", "app:app"},
	}
	if diff := cmp.Diff(&want, image, cmpopts.IgnoreUnexported(Image{})); diff != "" {
		t.Errorf("unexpected image (-want +got):\n%s", diff)
	}
}

func TestParse_returns_the_command_of_each_form(t *testing.T) {
	tests := map[string]struct {
		instructions string
		want         []string
	}{
		"exec form":                        {`CMD ["node", "server.js"]`, []string{"node", "server.js"}},
		"shell form":                       {`CMD exec uvicorn --port $PORT app:app`, []string{"/bin/sh", "-c", "exec uvicorn --port $PORT app:app"}},
		"another shell":                    {"SHELL [\"/bin/bash\", \"-ec\"]\nCMD a | b", []string{"/bin/bash", "-ec", "a | b"}},
		"entry point and arguments":        {"ENTRYPOINT [\"python\"]\nCMD [\"app.py\"]", []string{"python", "app.py"}},
		"entry point after its arguments":  {"CMD [\"app.py\"]\nENTRYPOINT [\"python\"]", []string{"python", "app.py"}},
		"the last one counts":              {"CMD a\nCMD [\"b\"]", []string{"b"}},
		"single quotes aren't JSON":        {"CMD ['a']", []string{"/bin/sh", "-c", "['a']"}},
		"lower case, continued":            {"cmd [\"a\", \\\n  \"b\"]", []string{"a", "b"}},
		"none":                             {"RUN true", nil},
		"a here-document with a CMD in it": {"CMD [\"a\"]\nRUN <<EOF\nCMD [\"b\"]\nEOF", []string{"a"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			image := mustParse(t, "FROM alpine\n"+test.instructions)
			if diff := cmp.Diff(test.want, slices.Concat(image.Entrypoint, image.Cmd)); diff != "" {
				t.Errorf("unexpected command (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParse_follows_stages(t *testing.T) {
	const stages = `
FROM --platform=$BUILDPLATFORM node:24 AS base
ENV A=1
WORKDIR /srv
CMD ["base"]

FROM base AS build
ENV B=$A$A
WORKDIR src
ENTRYPOINT ["make"]

FROM scratch
COPY --from=build /srv/out /out
`
	image, err := parse(t, stages, nil, "BUILD")
	if err != nil {
		t.Fatal(err)
	}
	if image.Base != "node:24" || image.WorkDir != "/srv/src" || image.Env["B"] != "11" {
		t.Errorf("got %+v", image)
	}
	if diff := cmp.Diff([]string{"make"}, slices.Concat(image.Entrypoint, image.Cmd)); diff != "" {
		t.Errorf("an entry point drops the command of its base (-want +got):\n%s", diff)
	}
	if image, err = parse(t, stages, nil, "base"); err != nil || image.WorkDir != "/srv" || image.Env["B"] != "" {
		t.Errorf("got %+v, %v, want the first stage unchanged", image, err)
	}
	if image = mustParse(t, stages); image.Base != "scratch" || image.WorkDir != "/" || len(image.Env) != 0 || !slices.Equal(image.NotExecuted, []int{13}) {
		t.Errorf("got %+v, want the last stage", image)
	}
}

func TestParse_finds_the_adapter(t *testing.T) {
	tests := map[string]struct {
		text string
		want bool
	}{
		"by name":               {"FROM alpine\n" + copyAdapter, true},
		"into a directory":      {"FROM alpine\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/", true},
		"in the list form":      {"FROM alpine\nCOPY --from=awsguru/aws-lambda-adapter [\"/lambda-adapter\", \"/opt/extensions/lambda-adapter\"]", true},
		"of a stage":            {"ARG V=1.1.0\nFROM public.ecr.aws/awsguru/aws-lambda-adapter:$V AS lwa\nFROM alpine\nCOPY --from=lwa /lambda-adapter /opt/extensions/lambda-adapter", true},
		"in a base stage":       {"FROM alpine AS base\n" + copyAdapter + "FROM base\nRUN true", true},
		"of the build context":  {"FROM alpine\nCOPY bin/aws-lambda-adapter /opt/extensions/", true},
		"elsewhere":             {"FROM alpine\nCOPY --from=awsguru/aws-lambda-adapter /lambda-adapter /usr/bin/", false},
		"in another stage only": {"FROM alpine AS a\n" + copyAdapter + "FROM alpine", false},
		"none":                  {"FROM alpine\nCOPY . /opt/extensions/agent", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := mustParse(t, test.text).Adapter; got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestParse_notes_what_it_does_not_execute(t *testing.T) {
	image := mustParse(t, "FROM a AS base\nRUN 1\nFROM b AS build\nRUN 2\nFROM base\n"+copyAdapter+
		"RUN <<EOF\nRUN inner\nEOF\nCOPY --link --from=build /a /b\nADD https://example.com/c /c\nCOPY <<X /x\nX\nCOPY . .\n")
	if want := []int{2, 7, 10, 11, 12}; !slices.Equal(image.NotExecuted, want) {
		t.Errorf("got the lines %v, want %v", image.NotExecuted, want)
	}
}

func TestParse_goes_on_after_what_it_does_not_read(t *testing.T) {
	image := mustParse(t, "FROM alpine\nENV A=app.py\nENV B=${A%.py} C=${A:?x}\nEXPOSE 8000\nCMD [\"x\"]\n")
	if err := image.Unsupported; err == nil || !strings.Contains(err.Error(), "Dockerfile:3: ${A%.py} is neither ${NAME}, ${NAME:-word} nor") {
		t.Errorf("got %v", err)
	}
	if len(image.Ports) != 1 || len(image.Cmd) != 1 {
		t.Errorf("got %+v", image)
	}
}

func TestParse_takes_arguments(t *testing.T) {
	const text = `
ARG TAG=3.13
ARG DEBUG
FROM python:$TAG
ARG TAG
ARG APP=main LEVEL=${TAG}.1
ENV TAG_SEEN=$TAG APP=${APP}:app LEVEL=$LEVEL HOME_OF=$HOME
CMD python $APP
`
	image, err := parse(t, text, map[string]string{"TAG": "3.12", "APP": "other"}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"TAG_SEEN": "3.12", "APP": "other:app", "LEVEL": "3.12.1", "HOME_OF": ""}
	if diff := cmp.Diff(want, image.Env); diff != "" || image.Base != "python:3.12" {
		t.Errorf("got the base %s and unexpected variables (-want +got):\n%s", image.Base, diff)
	}
}

func TestParse_knows_the_directories_of_base_images_for_Lambda(t *testing.T) {
	image := mustParse(t, "FROM public.ecr.aws/lambda/python:3.13\nENV P=$LAMBDA_TASK_ROOT/lib\nCMD [\"app.handler\"]\n")
	if !image.FromLambda() || image.WorkDir != "/var/task" || image.Env["P"] != "/var/task/lib" {
		t.Errorf("got %+v", image)
	}
	if mustParse(t, "FROM python:3.13").FromLambda() {
		t.Error("python:3.13 is taken for a base image of AWS")
	}
}

func TestParse_says_where_and_what_is_wrong(t *testing.T) {
	tests := map[string]struct {
		text, target, want, hint string
	}{
		"unknown instruction": {"FROM alpine\n\nRUNN true", "", "Dockerfile:3: unknown instruction \"RUNN\"", "continue"},
		"no FROM":             {"# nothing\n", "", "Dockerfile: has no FROM", "FROM"},
		"too early":           {"RUN true", "", "Dockerfile:1: RUN comes before the first FROM", "FROM"},
		"unknown stage":       {"FROM alpine AS a\nFROM a", "b", "Dockerfile: has no stage \"b\"", "AS b"},
		"no name":             {"FROM alpine\nENV A", "", "Dockerfile:2: ENV A has no value", "NAME=VALUE"},
		"unquoted space":      {"FROM alpine\nENV A=b c", "", "Dockerfile:2: ENV has the word \"c\"", "quotes"},
		"open quote":          {"FROM alpine\nENV A=\"b", "", "Dockerfile:2: a \" doesn't end", "end it"},
		"empty base":          {"FROM $BASE", "", "Dockerfile:1: FROM $BASE names no image", "ARG"},
		"open here-document":  {"FROM alpine\nRUN <<END\ntrue\n", "", "Dockerfile:2: the here-document END doesn't end", "END"},
		"no arguments":        {"FROM alpine\nCMD", "", "Dockerfile:2: CMD has no arguments", ""},
		"no destination":      {"FROM alpine\nCOPY a", "", "Dockerfile:2: COPY has the arguments \"a\"", "DESTINATION"},
		"line of a continued": {"FROM alpine\nENV A=1 \\\n  B\n", "", "Dockerfile:2: ENV has the word \"B\"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, test.text, nil, test.target)
			var located *fault.Error
			if !errors.As(err, &located) {
				t.Fatalf("got %v, want an error", err)
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(located.Hint, test.hint) {
				t.Errorf("got %q with the hint %q, want %q and %q", err, located.Hint, test.want, test.hint)
			}
		})
	}
	if _, err := Parse(filepath.Join(t.TempDir(), "Dockerfile"), nil, ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v for a missing file", err)
	}
}
