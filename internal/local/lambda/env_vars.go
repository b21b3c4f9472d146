package lambda

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
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

// checkVariables rejects what Lambda rejects when a function is created.
func checkVariables(variables map[string]string) error {
	size := 0
	for name, value := range variables {
		size += len(name) + len(value)
		switch {
		case slices.Contains(reservedVariables, name):
			return fault.In("Environment.Variables."+name, fault.New("rename the variable", "is reserved by Lambda"))
		case !variableName.MatchString(name):
			return fault.In("Environment.Variables", fault.New("use at least two characters: a letter, then letters, digits and underscores", "invalid variable name %q", name))
		}
	}
	if size > maxVariablesSize {
		return fault.In("Environment.Variables", fault.New("shorten them, or read the configuration at run time",
			"has %d bytes in all, and Lambda allows %d", size, maxVariablesSize))
	}
	return nil
}

// localKey stands in for the credentials of a function without any, so that logs
// and AWS's errors show where they come from.
const localKey = "cloudfurl-local"

// lambdaPath is PATH on Lambda, without the directory of the runtime's interpreter
// in front.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const lambdaPath = "/usr/local/bin:/usr/bin:/bin:" + optDir + "/bin"

// listSeparator is what this machine's programs split lists of directories at.
const listSeparator = string(filepath.ListSeparator)

// variables returns the whole environment of the runtime's process. It inherits
// nothing from this program's environment.
func (e *environment) variables() map[string]string {
	config, runtime := &e.function.config, e.function.runtime
	credentials := config.Credentials
	if credentials.AccessKeyID == "" {
		credentials = sigv4.Credentials{AccessKeyID: localKey, SecretAccessKey: localKey, SessionToken: localKey}
	}
	values := e.function.unreservedVariables()
	// Every environment has its own /tmp on Lambda; here it is the machine's.
	values[guard.TempVariable] = e.tempDir
	for name, value := range config.Environment {
		values[name] = e.function.opt.at(value)
	}
	maps.Copy(values, e.ownPorts)
	maps.Copy(values, map[string]string{
		"_HANDLER":                        e.function.opt.at(config.Handler),
		"AWS_REGION":                      config.Region,
		"AWS_DEFAULT_REGION":              config.Region,
		"AWS_LAMBDA_FUNCTION_NAME":        config.Name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(config.MemorySize),
		"AWS_LAMBDA_FUNCTION_VERSION":     latestVersion,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + config.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02") + "/[" + latestVersion + "]" + randomHex(16),
		"AWS_LAMBDA_RUNTIME_API":          e.runtimeAPI(),
		"AWS_ACCESS_KEY_ID":               credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           credentials.SecretAccessKey,
		"LAMBDA_TASK_ROOT":                config.CodeDir,
		"LAMBDA_RUNTIME_DIR":              runtime.dir,
	})
	if credentials.SessionToken != "" {
		values["AWS_SESSION_TOKEN"] = credentials.SessionToken
	}
	if !runtime.custom {
		values["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + config.Runtime
	}
	return values
}

// unreservedVariables returns what Lambda sets unless the function does.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (f *Function) unreservedVariables() map[string]string {
	path := slices.Clone(f.config.SearchPath)
	if f.runtime.bin != "" {
		path = append([]string{f.runtime.bin}, path...)
	}
	values := map[string]string{
		"LANG":                     "en_US.UTF-8",
		"PATH":                     f.opt.at(strings.Join(append(path, lambdaPath), listSeparator)),
		"TZ":                       ":UTC",
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
	}
	if f.opt.dir != "" {
		// Lambda also names the system's directories and those of the code here.
		// This machine's loader knows the first, and libraries for Amazon Linux
		// in the others could break its programs.
		values["LD_LIBRARY_PATH"] = f.opt.at(optDir + "/lib")
	}
	maps.Copy(values, f.runtime.variables)
	return values
}

// lines returns variables as "name=value".
func lines(variables map[string]string) []string {
	var lines []string
	for name, value := range variables {
		lines = append(lines, name+"="+value)
	}
	slices.Sort(lines)
	return lines
}
