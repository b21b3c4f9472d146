package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
		want := []uploadLine{{Event: "end", Type: "application/octet-stream", Bytes: int64(len(body)), SHA256: sha256Hex([]byte(body))}}
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

func TestUpload_reports_each_field_of_a_multipart_form(t *testing.T) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("note", "größe")
	file, _ := form.CreateFormFile("file", "a \"b\".bin")
	file.Write(bytes.Repeat([]byte{0, 255}, 300<<10))
	form.WriteField("empty", "")
	form.Close()
	body.WriteString("epilogue")
	got := uploadLines(t, post(t, form.FormDataContentType(), body.String()))
	want := []uploadLine{
		{Event: "part", Name: "note", Bytes: 7, SHA256: sha256Hex([]byte("größe"))},
		{Event: "part", Name: "file", File: "a \"b\".bin", Type: "application/octet-stream", Bytes: 600 << 10, SHA256: sha256Hex(bytes.Repeat([]byte{0, 255}, 300<<10))},
		{Event: "part", Name: "empty", SHA256: sha256Hex(nil)},
		{Event: "end", Type: "multipart/form-data", Parts: 3, Bytes: int64(body.Len()), SHA256: sha256Hex(body.Bytes())},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUpload_reports_each_field_of_an_urlencoded_form(t *testing.T) {
	const body = "a=1&b=x+y&&c=%C3%A9&%zz=1+%&d&a=2&=e"
	got := uploadLines(t, post(t, "application/x-www-form-urlencoded; charset=utf-8", body))
	var want []uploadLine
	for _, field := range []struct{ name, value string }{{"a", "1"}, {"b", "x y"}, {"c", "é"}, {"%zz", "1+%"}, {"d", ""}, {"a", "2"}, {"", "e"}} {
		want = append(want, uploadLine{Event: "part", Name: field.name, Bytes: int64(len(field.value)), SHA256: sha256Hex([]byte(field.value))})
	}
	want = append(want, uploadLine{Event: "end", Type: "application/x-www-form-urlencoded", Parts: 7, Bytes: int64(len(body)), SHA256: sha256Hex([]byte(body))})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUpload_says_what_is_wrong_with_a_body(t *testing.T) {
	checkError(t, post(t, "multipart/form-data", "x"), 400, "no multipart boundary")
	const form = "application/x-www-form-urlencoded"
	part := func(name, file string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file + "\"\r\n\r\nx\r\n--b--\r\n"
	}
	for name, c := range map[string]struct{ contentType, body, want string }{
		"over 6 MB":       {"", strings.Repeat("x", maxBody+1), "the body is over 6 MB"},
		"no boundary":     {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut", "can't read the body: unexpected EOF"},
		"many fields":     {form, strings.Repeat("a=1&", maxParts+1), "more than 1000 fields"},
		"a long name":     {form, strings.Repeat("n", maxFieldName+1), "the name of a field or file is over 1024 bytes"},
		"of a part":       {"multipart/form-data; boundary=b", part(strings.Repeat("n", maxFieldName+1), "f"), "the name of a field or file is over 1024 bytes"},
		"of a file":       {"multipart/form-data; boundary=b", part("n", strings.Repeat("f", maxFieldName+1)), "the name of a field or file is over 1024 bytes"},
		"many small ones": {"multipart/form-data; boundary=b", strings.Repeat("--b\r\n\r\n\r\n", maxParts+1) + "--b--", "more than 1000 fields"},
	} {
		lines := uploadLines(t, post(t, c.contentType, c.body))
		if last := lines[len(lines)-1]; last.Event != "error" || !strings.Contains(last.Error, c.want) {
			t.Errorf("%s: the last line is %+v, want the error %q", name, last, c.want)
		}
	}
}

// Bodies without a Content-Type, and with one that can't be parsed, are raw.
func TestUpload_takes_unknown_types_as_they_are(t *testing.T) {
	for _, contentType := range []string{"", ";;;", "text/plain"} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest("POST", "/upload", strings.NewReader("a=1"))
		request.Header.Set("Content-Type", contentType)
		newHandler(pace{}).ServeHTTP(recorder, request)
		if want := fmt.Sprintf(`"bytes":3,"sha256":"%s"}`+"\n", sha256Hex([]byte("a=1"))); !strings.HasSuffix(recorder.Body.String(), want) {
			t.Errorf("%q: got %q, want %q", contentType, recorder.Body, want)
		}
	}
}

func TestUpload_leaves_a_connection_that_works(t *testing.T) {
	url := serve(t, pace{}) + "/upload"
	defer http.DefaultClient.CloseIdleConnections()
	for range 20 {
		response, err := http.Post(url, "application/x-www-form-urlencoded", strings.NewReader(strings.Repeat("a=1&", 100_000)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.Contains(string(body), "more than 1000 fields") {
			t.Fatalf("got %d bytes (%v), want the error", len(body), err)
		}
	}
}
