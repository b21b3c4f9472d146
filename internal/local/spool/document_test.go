package spool

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// piece is of the size of buffers.
const piece = 8 << 10

// wanted is an event with a body as encoding/json writes it.
func wanted(t testing.TB, body []byte, text bool) []byte {
	t.Helper()
	shown := base64.StdEncoding.EncodeToString(body)
	if text {
		shown = string(body)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"after": 1, "a": "<&>", "body": shown}); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// check compares the document of a body with encoding/json's.
func check(t testing.TB, data []byte, text bool) {
	t.Helper()
	body, _, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	document, err := NewDocument([]byte(`{"a":"<&>","after":1,"body":"`+Placeholder+`"}`), body, text)
	if err != nil {
		t.Fatal(err)
	}
	body.Close()
	defer document.Close()
	want := wanted(t, data, text)
	for range 2 {
		var got bytes.Buffer
		n, err := document.WriteTo(&got)
		if err != nil || !bytes.Equal(got.Bytes(), want) || n != int64(len(want)) || document.Size() != n {
			t.Fatalf("%d bytes, text %v: got %d of %d announced (%v), want %d: %.100q", len(data), text, got.Len(), document.Size(), err, len(want), got.String())
		}
	}
}

func TestDocument_is_what_encoding_json_writes(t *testing.T) {
	texts := []string{"", "x", "\"\\\n\x00\x7f<>&", "é\u2028\u2029\U0001f600\ufffd"}
	// Runes of two to four bytes across the borders of pieces and buffers.
	for _, border := range []int{4 << 10, piece, 3 * piece, 32 << 10, border} {
		for shift := range 4 {
			texts = append(texts, strings.Repeat("x", border-shift)+"é€😀\u2028"+strings.Repeat("é€😀\u2028", 20_000))
		}
	}
	for _, text := range texts {
		check(t, []byte(text), true)
	}
	for _, size := range []int{0, 1, 2, 3, piece - 1, piece, 200_000} {
		check(t, pattern(size), false)
	}
}

func TestBody_IsText_only_if_it_is_UTF8(t *testing.T) {
	long := strings.Repeat("x", piece)
	for content, want := range map[string]bool{
		"": true, "é": true, long[1:] + "é": true, long[2:] + "😀é": true,
		"\xff": false, "\xe2\x82": false, long[1:] + "\xc3": false, long[1:] + "\xc3x": false, long + "\x80": false, "x\xc3": false,
		"\x80\x80\x80\x80": false,
	} {
		body, _, err := Read(strings.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if got := body.IsText(); got != want || got != utf8.ValidString(content) {
			t.Errorf("%.10q… of %d bytes: got %v, want %v", content, len(content), got, want)
		}
		body.Close()
	}
}

func TestDocument_without_a_place_has_no_body(t *testing.T) {
	document, err := NewDocument([]byte(`{}`), new(Body), true)
	if err != nil {
		t.Fatal(err)
	}
	defer document.Close()
	var got bytes.Buffer
	if _, err := document.WriteTo(&got); err != nil || got.String() != "{}" || document.Size() != 2 {
		t.Errorf("got %s of %d bytes, %v", &got, document.Size(), err)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte("é\u2028\x00"))
	f.Add([]byte{0xff, 0xc3})
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, data, false)
		check(t, bytes.ToValidUTF8(data, []byte("?")), true)
	})
}
