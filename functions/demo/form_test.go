package main

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

type field struct{ name, value string }

func scan(r io.Reader) ([]field, error) {
	var fields []field
	var value bytes.Buffer
	err := scanForm(r, func(name string) io.Writer {
		fields = append(fields, field{name: name})
		value.Reset()
		return &value
	}, func() error {
		fields[len(fields)-1].value = value.String()
		return nil
	})
	return fields, err
}

func TestForm_passes_on_errors(t *testing.T) {
	for _, body := range []string{"", "a", "a=1&b"} {
		broken := io.MultiReader(strings.NewReader(body), iotest.ErrReader(io.ErrUnexpectedEOF))
		if _, err := scan(broken); err != io.ErrUnexpectedEOF {
			t.Errorf("%q and then an error: got %v", body, err)
		}
	}
}

// standardForm parses a form as the standard says, in memory.
//
// See: https://url.spec.whatwg.org/#urlencoded-parsing
func standardForm(body string) []field {
	var fields []field
	for sequence := range strings.SplitSeq(body, "&") {
		if sequence == "" {
			continue
		}
		name, value, _ := strings.Cut(sequence, "=")
		fields = append(fields, field{percentDecode(name), percentDecode(value)})
	}
	return fields
}

func percentDecode(s string) string {
	s = strings.ReplaceAll(s, "+", " ")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+3 <= len(s) {
			if decoded, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(decoded)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func FuzzScanForm(f *testing.F) {
	for _, body := range []string{"", "&", "=", "a", "a=", "=b", "a=1&b=x+y", "a=b=c&a=d", "%", "%4", "%zz=%C3%A9", "a=%26%3D&b", "a;b=1", "+=+", "%2B=%+1", "\x00=\xff&é=世", "a&&b", "%%41"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > maxFieldName {
			return
		}
		got, err := scan(iotest.OneByteReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(standardForm(body), got, cmp.AllowUnexported(field{})); diff != "" {
			t.Errorf("%q (-standard +got):\n%s", body, diff)
		}
		// Go's parser rejects more, and agrees on the rest.
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		byName := url.Values{}
		for _, field := range got {
			byName.Add(field.name, field.value)
		}
		if diff := cmp.Diff(values, byName); diff != "" {
			t.Errorf("%q (-net/url +got):\n%s", body, diff)
		}
	})
}
