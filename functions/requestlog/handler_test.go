package requestlog

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// invocation is the context of a request in Lambda.
func invocation() context.Context {
	return lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{AwsRequestID: "id-1"})
}

func TestHandler_adds_the_request_id_once_and_outside_of_groups(t *testing.T) {
	for name, c := range map[string]struct {
		log  func(*slog.Logger)
		want string
	}{
		"plain":             {func(l *slog.Logger) { l.InfoContext(invocation(), "m", "a", 1) }, `msg=m a=1 requestId=id-1`},
		"without a context": {func(l *slog.Logger) { l.Info("m") }, `msg=m`},
		"outside Lambda":    {func(l *slog.Logger) { l.InfoContext(context.Background(), "m") }, `msg=m`},
		"own id":            {func(l *slog.Logger) { l.InfoContext(invocation(), "m", "requestId", "own") }, `msg=m requestId=own`},
		"own id in With":    {func(l *slog.Logger) { l.With("requestId", "own").InfoContext(invocation(), "m") }, `msg=m requestId=own`},
		"With":              {func(l *slog.Logger) { l.With("a", 1).InfoContext(invocation(), "m") }, `msg=m a=1 requestId=id-1`},
		"group": {func(l *slog.Logger) {
			l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").InfoContext(invocation(), "m", "c", 3)
		}, `msg=m a=1 requestId=id-1 g.b=2 g.h.c=3`},
		"id in a group": {func(l *slog.Logger) {
			l.WithGroup("g").With("requestId", "other").InfoContext(invocation(), "m", "requestId", "third")
		}, `msg=m requestId=id-1 g.requestId=other g.requestId=third`},
		"own id before a group": {func(l *slog.Logger) {
			l.With("requestId", "own").WithGroup("g").InfoContext(invocation(), "m", "c", 3)
		}, `msg=m requestId=own g.c=3`},
		"empty group": {func(l *slog.Logger) { l.WithGroup("").InfoContext(invocation(), "m") }, `msg=m requestId=id-1`},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			c.log(newLogger(&log, "", ""))
			_, got, _ := strings.Cut(strings.TrimSpace(log.String()), "level=INFO ")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Two loggers that share a parent must not write into each other's groups.
func TestHandler_keeps_loggers_apart(t *testing.T) {
	var log bytes.Buffer
	parent := newLogger(&log, "", "").WithGroup("g").With("a", 1)
	one, other := parent.With("one", 1), parent.With("other", 1)
	one.InfoContext(invocation(), "m")
	other.InfoContext(invocation(), "m")
	lines := strings.Split(log.String(), "\n")
	if strings.Contains(lines[0], "other") || strings.Contains(lines[1], "one") {
		t.Errorf("got %q", lines)
	}
}

func TestLogger_follows_Lambdas_configuration(t *testing.T) {
	var log bytes.Buffer
	newLogger(&log, "JSON", "").InfoContext(invocation(), "hello", "n", 1)
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, log.Bytes())
	}
	if line["message"] != "hello" || line["level"] != "INFO" || line["requestId"] != "id-1" || line["n"] != 1.0 || line["timestamp"] == nil {
		t.Errorf("got %v, want Lambda's names", line)
	}
	for level, want := range map[string]slog.Level{
		"TRACE": slog.LevelDebug, "DEBUG": slog.LevelDebug, "INFO": slog.LevelInfo, "": slog.LevelInfo, "nonsense": slog.LevelInfo,
		"WARN": slog.LevelWarn, "ERROR": slog.LevelError, "FATAL": slog.LevelError,
	} {
		logger := newLogger(&log, "", level)
		if !logger.Enabled(t.Context(), want) || logger.Enabled(t.Context(), want-1) {
			t.Errorf("AWS_LAMBDA_LOG_LEVEL=%s doesn't log from %v on", level, want)
		}
	}
}

func TestNewLogger_reads_the_environment(t *testing.T) {
	t.Setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")
	if NewLogger().Enabled(t.Context(), slog.LevelWarn) {
		t.Error("a warning is logged at the level ERROR")
	}
}
