package main

import (
	"bytes"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestFlaskApi_serves_signed_requests(t *testing.T) {
	localtest.NeedPython(t)
	python := filepath.Join(".venv", "bin", "python")
	if err := localtest.Run("", nil, "make", "--silent", ".venv/installed"); err != nil {
		t.Fatal(err)
	}
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))
	api := regexp.MustCompile(`http://127\.0\.0\.1:\d+/prod/`).FindString(edge.Banner)
	keys := regexp.MustCompile(`aws:amz:(\S+):execute-api --user (\w+):(\S+)`).FindStringSubmatch(edge.Banner)
	if api == "" || keys == nil {
		t.Fatalf("got banner %s, want an API for signed requests", edge.Banner)
	}
	env := []string{
		"API_URL=" + api, "AWS_DEFAULT_REGION=" + keys[1], "AWS_ACCESS_KEY_ID=" + keys[2], "AWS_SECRET_ACCESS_KEY=" + keys[3],
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"GET", "/temperatures/-40"}, `200 {"celsius":-40,"fahrenheit":-40.0}`},
		{[]string{"GET", "/caller"}, `200 {"caller":"arn:aws:iam::111122223333:user/local","stage":"prod"}`},
		{[]string{"POST", "/temperatures", "[0, 36.6, 100]"}, `200 {"fahrenheit":[32.0,97.9,212.0]}`},
		{[]string{"POST", "/temperatures", `["warm"]`}, `400 {"error":"Send a list of numbers."}`},
	} {
		if got := call(t, python, env, test.args...); got != test.want {
			t.Errorf("%v: got %s, want %s", test.args, got, test.want)
		}
	}
	wrong := append(env, "AWS_SECRET_ACCESS_KEY=of/another")
	if got, want := call(t, python, wrong, "GET", "/caller"), `403 {"message":"The request signature we calculated`; !strings.HasPrefix(got, want) {
		t.Errorf("got %s for another secret, want %s", got, want)
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if status, body := unsigned(t, method, api+"temperatures/20"); status != http.StatusForbidden || body != `{"message":"Missing Authentication Token"}` {
			t.Errorf("got %d %s for %s without a signature, want 403 Missing Authentication Token", status, body, method)
		}
	}
}

// call runs the client in an environment, and returns what it prints.
func call(t *testing.T, python string, env []string, args ...string) string {
	t.Helper()
	command := exec.Command(python, append([]string{"client/call.py"}, args...)...)
	command.Env, command.Stderr = env, t.Output()
	output, _ := command.Output() // it exits with 1 for an error of the API
	return string(bytes.TrimSpace(output))
}

// unsigned sends a request without a signature.
func unsigned(t *testing.T, method, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
