package fault_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestLog_writes_cause_and_hint_after_the_attributes(t *testing.T) {
	var written bytes.Buffer
	log := slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	fault.Log(log, slog.LevelWarn, "the bucket denied a request", "no policy", "add one", "path", "/a")
	fault.Log(log, slog.LevelDebug, "not enabled", "no cause", "no hint")
	want := "level=WARN msg=\"the bucket denied a request\" path=/a cause=\"no policy\" hint=\"add one\"\n"
	if got := written.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	written.Reset()
	fault.Log(log, slog.LevelWarn, "a URL is too long", "no cause", "", "path", strings.Repeat("x", 9000))
	if got := written.String(); len(got) > 400 || !strings.Contains(got, "(9000 bytes)") {
		t.Errorf("got %q, want a short path", got)
	}
}
