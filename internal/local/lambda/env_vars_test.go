package lambda

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// environ asks the handler for its variables.
func environ(t *testing.T, f *Function) map[string]string {
	t.Helper()
	_, body := invoke(t, f, `{"do":"inspect"}`)
	var got struct {
		Environ []string
		CWD     string
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{"(cwd)": got.CWD}
	for _, line := range got.Environ {
		name, value, _ := strings.Cut(line, "=")
		variables[name] = value
	}
	return variables
}

func TestEnvironment_has_the_variables_of_Lambda_and_no_others(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "the-developers-own")
	t.Setenv("AWS_PROFILE", "production")
	t.Setenv("SECRET_OF_THE_SHELL", "1")
	f, _ := newFunction(t, custom(func(c *Config) {
		c.Region, c.Handler, c.MemorySize = "eu-west-1", "any.thing", 512
		c.Environment = map[string]string{"TABLE": "orders=1", "LANG": "de_DE.UTF-8"}
	}))
	got := environ(t, f)
	dir, err := filepath.EvalSymlinks(handlerDir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"_HANDLER": "any.thing", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
		"AWS_LAMBDA_FUNCTION_NAME": "Greeter", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
		"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/Greeter",
		"AWS_ACCESS_KEY_ID": "cloudfurl-local", "AWS_SECRET_ACCESS_KEY": "cloudfurl-local", "AWS_SESSION_TOKEN": "cloudfurl-local",
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR", "LAMBDA_TASK_ROOT": handlerDir, "LAMBDA_RUNTIME_DIR": "/var/runtime",
		"TZ": ":UTC", "LANG": "de_DE.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin", "TABLE": "orders=1", "(cwd)": dir,
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
	for name, form := range map[string]string{
		"AWS_LAMBDA_RUNTIME_API":     `^127\.0\.0\.1:\d+$`,
		"AWS_LAMBDA_LOG_STREAM_NAME": `^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`,
		guard.TempVariable:           `cloudfurl-environment-`,
		"_X_AMZN_TRACE_ID":           `^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`, // set by Go's runtime client
	} {
		if !regexp.MustCompile(form).MatchString(got[name]) {
			t.Errorf("%s is %q, want the form %s", name, got[name], form)
		}
		want[name] = ""
	}
	for name := range got {
		if _, known := want[name]; !known && name != "PWD" {
			t.Errorf("%s leaked into the environment", name)
		}
	}
	f.Close()
	if _, err := os.Stat(got[guard.TempVariable]); !os.IsNotExist(err) {
		t.Errorf("TMPDIR is still there: %v", err)
	}
}

func TestEnvironment_has_the_credentials_of_the_config(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.Credentials = sigv4.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	}))
	got := environ(t, f)
	_, token := got["AWS_SESSION_TOKEN"]
	if got["AWS_ACCESS_KEY_ID"] != "AKIDEXAMPLE" || got["AWS_SECRET_ACCESS_KEY"] != "secret" || token {
		t.Errorf("credentials %q %q, a token: %v", got["AWS_ACCESS_KEY_ID"], got["AWS_SECRET_ACCESS_KEY"], token)
	}
}

func TestNew_rejects_variables_that_Lambda_rejects(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_REGION": "x", "_HANDLER": "x", "1ST": "x", "A": "x", "WITH-DASH": "x",
		"BIG": strings.Repeat("x", 4094),
	} {
		config := custom(func(c *Config) { c.Environment = map[string]string{name: value} })
		_, err := New(config, (&record{}).logger())
		if err == nil || !strings.HasPrefix(err.Error(), "Environment.Variables") || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkVariables(map[string]string{"BIG": strings.Repeat("x", 4093), "TZ": ":UTC"}); err == nil {
		t.Error("4099 bytes were accepted")
	}
	if err := checkVariables(map[string]string{"BIG": strings.Repeat("x", 4093)}); err != nil {
		t.Errorf("4096 bytes: %v", err)
	}
}

func TestIDs_have_their_forms(t *testing.T) {
	var seen []string
	for range 100 {
		id := NewRequestID()
		if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) || slices.Contains(seen, id) {
			t.Fatalf("request id %s", id)
		}
		seen = append(seen, id)
	}
	if id := newTraceHeader(time.Unix(0x5bef4de7, 0)); !regexp.MustCompile(`^Root=1-5bef4de7-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`).MatchString(id) {
		t.Errorf("trace id %s", id)
	}
}
