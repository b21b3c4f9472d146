package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestLog_as_JSON_keeps_the_source_apart(t *testing.T) {
	var written strings.Builder
	slog.New(newLogHandler(&written, true)).Info("a line", "source", "Handler")

	var line map[string]any
	if err := json.Unmarshal([]byte(written.String()), &line); err != nil {
		t.Fatal(err)
	}
	if line["source"] != "Handler" || line["msg"] != "a line" {
		t.Errorf("got %v", line)
	}
}

func TestLog_takes_the_standard_logger_at_debug_level(t *testing.T) {
	if os.Getenv("STANDARD_LOG") == "" { // the default logger can't be restored
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "STANDARD_LOG=1")
		if output, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(output), "Unsolicited") {
			t.Errorf("%v: %s", err, output)
		}
		return
	}
	var written strings.Builder
	takeStandardLog(slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log.Print("Unsolicited response")
	if !strings.Contains(written.String(), "level=DEBUG") || !strings.Contains(written.String(), "Unsolicited response") {
		t.Errorf("got %q", written.String())
	}
	takeStandardLog(slog.New(newLogHandler(os.Stderr, false)))
	log.Print("Unsolicited response")
}
