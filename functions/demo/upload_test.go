package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// uploadLines returns the lines of the response to an upload, without progress.
func uploadLines(t *testing.T, got received) []uploadLine {
	t.Helper()
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("got %d %q, want 200 and NDJSON", got.StatusCode, got.body)
	}
	var lines []uploadLine
	for decoder := json.NewDecoder(strings.NewReader(got.body)); ; {
		var line uploadLine
		if err := decoder.Decode(&line); err == io.EOF {
			return lines
		} else if err != nil {
			t.Fatalf("%v in %q", err, got.body)
		}
		if line.Event != "progress" {
			lines = append(lines, line)
		}
	}
}

func post(t *testing.T, contentType, body string) received {
	t.Helper()
	return send(t, "POST", serve(t, pace{})+"/upload", body, map[string]string{"Content-Type": contentType})
}

func TestUpload_hashes_and_counts_any_body(t *testing.T) {
	for name, body := range map[string]string{"empty": "", "one byte": "\x00", "1 MB": strings.Repeat("x", 1<<20), "6 MB": strings.Repeat("y", maxBody)} {
		got := uploadLines(t, post(t, "application/octet-stream", body))
		want := []uploadLine{{Event: "end", Bytes: int64(len(body)), SHA256: sha256Hex([]byte(body))}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestUpload_reports_progress_while_it_reads(t *testing.T) {
	reader, writer := io.Pipe()
	request, _ := http.NewRequest("PUT", serve(t, pace{})+"/upload", reader)
	go writer.Write(make([]byte, progressStep))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer response.Body.Close()
	lines := json.NewDecoder(response.Body)
	for n := int64(1); n < 4; n++ {
		var line uploadLine
		if err := lines.Decode(&line); err != nil || line.Event != "progress" || line.Bytes != n*progressStep {
			t.Fatalf("got %+v (%v), want progress at %d bytes while the rest isn't sent", line, err, n*progressStep)
		}
		writer.Write(make([]byte, progressStep))
	}
	writer.Close()
}

func TestUpload_says_that_a_body_is_too_large(t *testing.T) {
	lines := uploadLines(t, post(t, "", strings.Repeat("x", maxBody+1)))
	if last := lines[len(lines)-1]; last.Event != "error" || last.Error != "the body is over 6 MB, the most that Lambda accepts" {
		t.Errorf("the last line is %+v, want the error", last)
	}
}

func TestUpload_says_that_a_body_breaks_off(t *testing.T) {
	recorder := httptest.NewRecorder()
	broken := iotest.ErrReader(io.ErrUnexpectedEOF)
	newHandler(pace{}).ServeHTTP(recorder, httptest.NewRequest("POST", "/upload", io.MultiReader(strings.NewReader("ab"), broken)))
	if want := `{"event":"error","bytes":2,"error":"can't read the body: unexpected EOF"}` + "\n"; recorder.Body.String() != want {
		t.Errorf("got %q, want %q", recorder.Body, want)
	}
}

func TestUpload_takes_every_type_as_it_is(t *testing.T) {
	for _, contentType := range []string{"", ";;;", "text/plain", formType, "multipart/form-data"} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest("POST", "/upload", strings.NewReader("a=1"))
		request.Header.Set("Content-Type", contentType)
		newHandler(pace{}).ServeHTTP(recorder, request)
		if want := fmt.Sprintf(`"bytes":3,"sha256":"%s"}`+"\n", sha256Hex([]byte("a=1"))); !strings.HasSuffix(recorder.Body.String(), want) {
			t.Errorf("%q: got %q, want %q", contentType, recorder.Body, want)
		}
	}
}
