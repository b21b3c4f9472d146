package code_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

const (
	fromPython  = "FROM public.ecr.aws/docker/library/python:3.13-slim\n"
	copyAdapter = "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter\n"
)

func TestImage_needs_the_adapter(t *testing.T) {
	for name, test := range map[string]struct {
		text, target string
		want         []string
	}{
		"with the adapter":         {fromPython + copyAdapter, "", nil},
		"AWS's image, with a CMD":  {"FROM public.ecr.aws/lambda/python:3.13\n" + copyAdapter + "ENTRYPOINT [\"python\"]\n", "", nil},
		"no stage":                 {fromPython + copyAdapter, "lambda", []string{"ImageHandler can't use", "lambda"}},
		"no adapter":               {fromPython, "", []string{"doesn't have AWS's Lambda Web Adapter", "add the line\n" + strings.TrimSpace(copyAdapter)}},
		"adapter in another stage": {fromPython + copyAdapter + fromPython, "", []string{"doesn't have AWS's Lambda Web Adapter"}},
		"AWS's base image": {"FROM public.ecr.aws/lambda/python:3.13\n" + copyAdapter + "CMD [\"app.handler\"]\n", "",
			[]string{"public.ecr.aws/lambda/python:3.13, which starts Lambda's own runtime", "set ENTRYPOINT"}},
		"broken line": {fromPython + copyAdapter + "CMD\nCOPPY . .\n", "", []string{"ImageHandler can't use", "Dockerfile:"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := code.NewImage(directoryOf(t, "Dockerfile", test.text), "Dockerfile", test.target, nil)
			wantError(t, err, test.want...)
		})
	}
	dir := directoryOf(t, "app.py", "")
	_, err := code.NewImage(dir, "Dockerfile", "", nil)
	wantError(t, err, dir+", which has no Dockerfile: write one, or set File")
}

func TestImage_has_defaults_for_the_adapter(t *testing.T) {
	for name, test := range map[string]struct {
		lines     string
		given     code.Adapter
		variables map[string]string
		want      code.Adapter
		problem   []string
	}{
		"none":                     {"", code.Adapter{}, nil, code.Adapter{}, nil},
		"PORT":                     {"ENV PORT=5000\n", code.Adapter{}, nil, code.Adapter{Port: "5000"}, nil},
		"AWS_LWA_PORT":             {"ENV PORT=5000 AWS_LWA_PORT=5001\n", code.Adapter{}, nil, code.Adapter{Port: "5001"}, nil},
		"readiness":                {"ENV AWS_LWA_READINESS_CHECK_PATH=/healthz\n", code.Adapter{}, nil, code.Adapter{ReadinessCheckPath: "/healthz"}, nil},
		"given":                    {"ENV PORT=5000\n", code.Adapter{Port: "6000", ReadinessCheckPath: "/up"}, nil, code.Adapter{Port: "6000", ReadinessCheckPath: "/up"}, nil},
		"the function's":           {"ENV PORT=4000 AWS_LWA_PORT=4001\n", code.Adapter{}, map[string]string{"PORT": "5000"}, code.Adapter{Port: "5000"}, nil},
		"the function's other":     {"ENV PORT=4000\n", code.Adapter{}, map[string]string{"MODEL": "small"}, code.Adapter{Port: "4000"}, nil},
		"exposed as default":       {"EXPOSE 8080/tcp\n", code.Adapter{}, nil, code.Adapter{Port: "8080"}, nil},
		"exposed beside Port":      {"EXPOSE 6000\n", code.Adapter{Port: "5000"}, nil, code.Adapter{Port: "5000"}, nil},
		"exposed":                  {"EXPOSE 5000\n", code.Adapter{}, nil, code.Adapter{Port: "5000"}, nil},
		"several exposed":          {"EXPOSE 5000 6000\n", code.Adapter{}, nil, code.Adapter{}, nil},
		"no number":                {"ENV PORT=http\n", code.Adapter{}, nil, code.Adapter{}, []string{`Dockerfile sets PORT to "http"`}},
		"port of 0":                {"ENV PORT=0\n", code.Adapter{}, nil, code.Adapter{}, []string{"got Port 0"}},
		"no number of the options": {"", code.Adapter{}, map[string]string{"PORT": "http"}, code.Adapter{}, []string{`FunctionOptions.Environment sets PORT to "http"`}},
		"a path without a slash":   {"ENV AWS_LWA_READINESS_CHECK_PATH=up\n", code.Adapter{}, nil, code.Adapter{}, []string{`ReadinessCheckPath "up"`}},
	} {
		t.Run(name, func(t *testing.T) {
			image, err := code.NewImage(directoryOf(t, "Dockerfile", fromPython+copyAdapter+test.lines), "Dockerfile", "", nil)
			wantError(t, err)
			got, err := image.Adapter(test.given, test.variables)
			wantError(t, err, test.problem...)
			if diff := cmp.Diff(test.want, got); err == nil && diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}
