// Package operate runs the commands of docs/operate.md against moto, an emulator of AWS.
package operate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unknown are the commands of the page that moto 5.1.18 doesn't know, or fails at. The AWS
// CLI checks their arguments; what they do is untested.
var unknown = []string{
	"aws cloudwatch describe-alarm-history",
	"aws lambda get-account-settings",
	"aws lambda delete-provisioned-concurrency-config",
	"aws deploy stop-deployment",
	"aws cloudformation continue-update-rollback",
	"aws wafv2 get-sampled-requests",
}

// sent matches what the AWS CLI says of a request that it has checked, sent, and got no
// good response to.
var sent = regexp.MustCompile(`when calling the \w+ operation|Unable to parse response`)

// others begin the page's lines that aren't for the AWS CLI.
var others = []string{"curl", "cloudfurl", "git", "npx"}

// shows is what some commands have to print, so that a query that finds nothing is noticed.
var shows = map[string]string{
	"aws cloudwatch describe-alarms --region us-east-1":              "Chat-ErrorRate",
	"aws cloudformation describe-stacks --region eu-west-1":          "d111111abcdef8.cloudfront.net",
	"aws cloudformation describe-stack-resources --region us-east-1": "CloudfurlEdge-LogGroup",
	"aws cloudformation describe-stacks --region us-east-1":          "CloudfurlEdge-BodyHasher:2",
	"aws cloudfront list-distributions":                              "Chat",
	"aws lambda get-policy":                                          "lambda:InvokeFunctionUrl",
	"aws lambda get-function-url-config":                             "RESPONSE_STREAM",
	"aws logs filter-log-events --region eu-west-1":                  "panic: runtime error",
	"for region in": "arn:aws:logs:eu-central-1",
	"aws logs filter-log-events --region eu-central-1": "TypeError in body_hasher",
	"aws logs filter-log-events --region us-east-1":    "a redirect",
	"aws logs describe-log-groups":                     "/aws/vendedlogs/cloudfront/Chat-",
	"aws lambda list-functions":                        "CloudfurlEdge-BodyHasher",
	"aws lambda list-versions-by-function":             "2",
	"aws lambda put-function-concurrency":              "0",
	"aws lambda update-alias":                          `"FunctionVersion": "1"`,
	"aws apigateway update-stage":                      `"throttlingRateLimit": 5`,
	"aws cloudfront update-distribution":               "Deployed",
	"aws cloudfront list-invalidations":                "COMPLETED",
}

// commands returns the lines of the page that run the AWS CLI, and what is between them.
func commands(t *testing.T) (lines []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`(?m)^\$ (.+)$`).FindAllStringSubmatch(string(page), -1) {
		program, _, _ := strings.Cut(line[1], " ")
		if !strings.Contains(strings.Join(others, " "), program) {
			lines = append(lines, line[1])
		}
	}
	return lines
}

// install returns the directory of a Python with moto and the AWS CLI.
func install(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("uv"); err != nil {
		t.Skip("SKIPPED: there is no uv, which installs moto and the AWS CLI")
	}
	python := filepath.Join(t.TempDir(), "python")
	for _, arguments := range [][]string{
		{"venv", "--quiet", "--no-config", python},
		{"pip", "install", "--quiet", "--python", python, "--requirement", "requirements.txt"},
	} {
		if output, err := exec.Command("uv", arguments...).CombinedOutput(); err != nil {
			t.Skipf("SKIPPED: uv couldn't install moto and the AWS CLI: %v\n%s", err, output)
		}
	}
	return python
}

// serve runs serve.py until the test ends, and returns the values of placeholders and the
// port for commands.
func serve(t *testing.T, python string) (names map[string]string, port int) {
	t.Helper()
	server := exec.Command(filepath.Join(python, "bin", "python"), "serve.py")
	server.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	server.Stderr = os.Stderr
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		server.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	var told struct {
		Names map[string]string
		Port  int
	}
	if err != nil || json.Unmarshal(line, &told) != nil {
		t.Fatalf("got %q and %v from serve.py, want names and a port", line, err)
	}
	return told.Names, told.Port
}

func TestCommands_of_operate_run_against_moto(t *testing.T) {
	for _, program := range []string{"bash", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("SKIPPED: there is no %s, which docs/operate.md uses", program)
		}
	}
	names, port := serve(t, install(t))
	dir, bin := t.TempDir(), t.TempDir()
	shim, err := filepath.Abs("aws.sh")
	if err == nil {
		err = os.Symlink(shim, filepath.Join(bin, "aws"))
	}
	if err != nil {
		t.Fatal(err)
	}
	run := func(line string) (string, error) {
		command := exec.Command("bash", "-e", "-o", "pipefail", "-c", line)
		command.Dir = dir
		command.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), fmt.Sprintf("AWS_CLI_PORT=%d", port))
		output, err := command.CombinedOutput()
		return string(output), err
	}

	left := map[string]bool{}
	for _, prefix := range unknown {
		left[prefix] = true
	}
	for _, line := range commands(t) {
		filled := regexp.MustCompile(`\b[A-Z][A-Z_]+\b`).ReplaceAllStringFunc(line, func(word string) string {
			if value, ok := names[word]; ok {
				return value
			}
			return word
		})
		output, err := run(filled)
		if prefix, ok := firstPrefix(filled, unknown); ok {
			delete(left, prefix)
			if err == nil {
				t.Errorf("moto knows %q: take it out of the list", prefix)
			}
			if !sent.MatchString(output) {
				t.Errorf("$ %s\nthe AWS CLI sent no request: %s", line, output)
			}
			continue
		}
		if err != nil {
			t.Errorf("$ %s\n%v\n%s", line, err, output)
			continue
		}
		for prefix, want := range shows {
			if strings.HasPrefix(filled, prefix) && !strings.Contains(output, want) {
				t.Errorf("$ %s\ngot %q, want %q in it", line, output, want)
			}
		}
	}
	for prefix := range left {
		t.Errorf("docs/operate.md has no %q: take it out of the list", prefix)
	}
}

// firstPrefix returns the first of prefixes that text begins with.
func firstPrefix(text string, prefixes []string) (string, bool) {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return prefix, true
		}
	}
	return "", false
}

// Each alarm that the code defines has a row.
func TestOperate_has_every_alarm(t *testing.T) {
	page, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	defined := 0
	for file, alarm := range map[string]*regexp.Regexp{
		"../../infra/monitoring_alarms.go": regexp.MustCompile(`m\.alarm\(m(?:\.edge)?, (?:numbered\()?"([A-Z]\w+)"`),
		"../../infra/alias.go":             regexp.MustCompile(`newAlarm\(scope, "(\w+)"`),
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range alarm.FindAllStringSubmatch(string(source), -1) {
			defined++
			if row := "\n| `" + match[1] + "`"; !strings.Contains(string(page), row) {
				t.Errorf("docs/operate.md has no row%s for the alarm of %s", row, file)
			}
		}
	}
	if defined != 5 {
		t.Errorf("got %d alarms, want 5: this test reads the code by regular expressions", defined)
	}
}
