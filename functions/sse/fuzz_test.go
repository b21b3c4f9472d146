package sse

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Whatever an event holds, the client gets it unchanged and alone, or Send
// rejects it and the client gets nothing.
func FuzzWriter_round_trip(f *testing.F) {
	f.Add("1", "greeting", "hello\nworld", int64(1500), "note")
	f.Add("", "", "", int64(0), "")
	f.Add("a\nb", "x", "y", int64(0), "\r\n")
	f.Add("\x00", "", ":", int64(-1), ":")
	f.Add("1: 2", " lead", "\r\r\n\n\r", int64(1), "\nid: 9\n\ndata: injected\n\n")
	f.Add("\ufeff", "\ufeff", "data: x\n\nid: 7\ufeff", int64(9), "")
	f.Add("ü", "\xff", "\xff\xfe\n\xc3", int64(0), "\xff")
	lineBreaks := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	asUTF8 := func(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }
	f.Fuzz(func(t *testing.T, id, name, data string, retry int64, comment string) {
		event := Event{ID: id, Name: name, Data: data, Retry: time.Duration(retry%(1<<40)) * time.Millisecond}
		var err error
		stream := record(t, func(w *Writer) {
			w.Comment(comment)
			err = w.Send(event)
			w.Send(Event{Data: "next"})
		}).Body.String()
		got := parse(stream)
		if rejected := strings.ContainsAny(id, "\r\n\x00") || strings.ContainsAny(name, "\r\n") || event.Retry < 0; rejected {
			if err == nil || len(got.events) > 0 || got.lastEventID != "" || got.retry != -1 {
				t.Fatalf("%+v: error %v, and the client gets %+v of %q", event, err, got, stream)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want := []received{
			{asUTF8(id), asUTF8(name), asUTF8(lineBreaks.Replace(data))},
			{asUTF8(id), "", "next"},
		}
		if diff := cmp.Diff(want, got.events, cmp.AllowUnexported(received{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", stream, diff)
		}
		if event.Retry > 0 && int64(got.retry) != event.Retry.Milliseconds() {
			t.Errorf("retry is %d, want %v", got.retry, event.Retry)
		}
	})
}
