package lambda

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reservedVariables can't be set in a function's configuration.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var reservedVariables = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

// variableName is the form of a variable's name: a letter, then letters, digits
// and underscores, at least two characters.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// maxVariablesSize bounds all of a function's own variables, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxVariablesSize = 4096

// unsupportedVariable asks for a wrapper around a managed runtime, which lives
// in a layer.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
const unsupportedVariable = "AWS_LAMBDA_EXEC_WRAPPER"

// checkVariables refuses what Lambda refuses when a function is created.
func checkVariables(function string, variables map[string]string) error {
	size := 0
	for name, value := range variables {
		size += len(name) + len(value)
		switch {
		case slices.Contains(reservedVariables, name):
			return fmt.Errorf("lambda: function %s: environment variable %s is reserved by Lambda; rename it", function, name)
		case !variableName.MatchString(name):
			return fmt.Errorf("lambda: function %s: %q is no name for an environment variable; use two characters or more: a letter, then letters, digits and underscores", function, name)
		case name == unsupportedVariable:
			return fmt.Errorf("lambda: function %s: %s is set, but wrappers live in layers, which are not played here; run the function without it", function, name)
		case strings.ContainsRune(value, 0):
			return fmt.Errorf("lambda: function %s: environment variable %s holds a NUL byte; remove it", function, name)
		}
	}
	if size > maxVariablesSize {
		return fmt.Errorf("lambda: function %s: the environment variables take %d bytes; Lambda takes %d", function, size, maxVariablesSize)
	}
	return nil
}

// localKey is the credential of a function that was given none. It says in
// every log and every error of AWS what it is.
const localKey = "cloudfurl-local"

// variables returns the whole environment of a process, as "name=value" lines.
// Nothing of this program's own environment is in it.
func (e *environment) variables() []string {
	config := &e.function.config
	credentials := config.Credentials
	if credentials.AccessKeyID == "" {
		credentials = Credentials{AccessKeyID: localKey, SecretAccessKey: localKey, SessionToken: localKey}
	}
	// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
	values := map[string]string{
		"LANG": "en_US.UTF-8",
		"PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TZ":   ":UTC",
		// Inferred: Lambda gives every environment its own /tmp; this is the
		// nearest that a process without a mount of its own can have.
		"TMPDIR":                   e.tempDir,
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
	}
	for name, value := range e.function.runtime.variables {
		values[name] = value
	}
	for name, value := range config.Environment {
		values[name] = value
	}
	for name, value := range map[string]string{
		"_HANDLER":                        config.Handler,
		"AWS_REGION":                      config.Region,
		"AWS_DEFAULT_REGION":              config.Region,
		"AWS_LAMBDA_FUNCTION_NAME":        config.Name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(config.MemorySize),
		"AWS_LAMBDA_FUNCTION_VERSION":     config.Version,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + config.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02") + "/[" + config.Version + "]" + randomHex(16),
		"AWS_LAMBDA_RUNTIME_API":          e.listener.Addr().String(),
		"AWS_ACCESS_KEY_ID":               credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           credentials.SecretAccessKey,
		"LAMBDA_TASK_ROOT":                config.CodeDir,
		"LAMBDA_RUNTIME_DIR":              e.function.runtime.dir,
	} {
		values[name] = value
	}
	if credentials.SessionToken != "" {
		values["AWS_SESSION_TOKEN"] = credentials.SessionToken
	}
	if !e.function.runtime.custom {
		values["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + config.Runtime
	}
	lines := make([]string, 0, len(values))
	for name, value := range values {
		lines = append(lines, name+"="+value)
	}
	slices.Sort(lines)
	return lines
}
