package client

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func collectLines[T any](r io.Reader, options *StreamOptions) (values []T, err error) {
	for value, err := range JSONLines[T](r, options) {
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
	return values, nil
}

func TestJSONLines_decodes_a_value_a_line(t *testing.T) {
	const stream = "{\"n\":1}\n\r\n  {\"n\":2} \r\n\n{\"n\":3,\"more\":\"€\"}"
	for name, r := range map[string]io.Reader{
		"whole":        strings.NewReader(stream),
		"byte by byte": iotest.OneByteReader(strings.NewReader(stream)),
		"with the EOF": iotest.DataErrReader(strings.NewReader(stream)),
	} {
		got, err := collectLines[struct{ N int }](r, nil)
		if err != nil || !slices.Equal(got, []struct{ N int }{{1}, {2}, {3}}) {
			t.Errorf("%s: got %v (%v), want 1, 2 and 3", name, got, err)
		}
	}
}

func TestJSONLines_skips_a_byte_order_mark(t *testing.T) {
	for _, stream := range []string{"\ufeff1\n2\n", "\ufeff\n1\n2"} {
		if got, err := collectLines[int](iotest.OneByteReader(strings.NewReader(stream)), nil); err != nil || !slices.Equal(got, []int{1, 2}) {
			t.Errorf("%q: got %v (%v), want 1 and 2", stream, got, err)
		}
	}
	if got, err := collectLines[int](strings.NewReader("1\n\ufeff2\n"), nil); err == nil {
		t.Errorf("got %v, want an error for a mark on another line", got)
	}
}

func TestJSONLines_accepts_a_limit_that_is_none(t *testing.T) {
	if got, err := collectLines[int](strings.NewReader("1\n"), &StreamOptions{MaxBytes: math.MaxInt}); err != nil || !slices.Equal(got, []int{1}) {
		t.Errorf("got %v (%v), want 1", got, err)
	}
}

func TestJSONLines_yields_a_value_at_the_end_of_its_line(t *testing.T) {
	server, client := net.Pipe()
	written := make(chan error, 1)
	go func() {
		_, err := server.Write([]byte("1\n"))
		written <- err
	}()
	for value, err := range JSONLines[int](client, nil) {
		if value != 1 || err != nil {
			t.Errorf("got %d (%v), want 1", value, err)
		}
		break
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	server.Close()
	client.Close()
}

func TestJSONLines_says_which_line_is_wrong(t *testing.T) {
	broken := errors.New("connection reset")
	for name, test := range map[string]struct {
		stream io.Reader
		want   string
		is     error
	}{
		"not JSON":            {strings.NewReader("1\n\n2\n<html>\n"), "client: line 4: invalid character '<' looking for beginning of value", nil},
		"two values":          {strings.NewReader("1\n2\n3 4\n"), "client: line 3: invalid character '4' after top-level value", nil},
		"another type":        {strings.NewReader("1\n2\n\"x\"\n"), "client: line 3: json: cannot unmarshal string", nil},
		"a half line":         {strings.NewReader("1\n2\n[3"), "client: line 3: unexpected end of JSON input", nil},
		"too long":            {strings.NewReader("1\n2\n" + strings.Repeat("3", 11) + "\n"), "client: line 3: over 10 bytes, the MaxBytes of StreamOptions: ", bufio.ErrTooLong},
		"a broken connection": {io.MultiReader(strings.NewReader("1\n2\n3"), iotest.ErrReader(broken)), "client: line 3: connection reset", broken},
		"broken in between":   {io.MultiReader(strings.NewReader("1\n2\n"), iotest.ErrReader(broken)), "client: line 3: connection reset", broken},
		"broken at once":      {iotest.DataErrReader(io.MultiReader(strings.NewReader("1\n2\n3"), iotest.ErrReader(broken))), "client: line 3: connection reset", broken},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := collectLines[int](test.stream, &StreamOptions{MaxBytes: 10})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || !slices.Equal(got, []int{1, 2}) {
				t.Errorf("got %v and %v, want 1, 2 and %s", got, err, test.want)
			}
			var line *LineError
			if !errors.As(err, &line) || test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("got %T, want a *LineError that wraps %v", err, test.is)
			}
		})
	}
}

func TestJSONLines_accepts_a_line_of_exactly_the_limit(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", ""} {
		stream := `"` + strings.Repeat("x", 5000) + `"` + end
		if got, err := collectLines[json.RawMessage](strings.NewReader(stream), &StreamOptions{MaxBytes: 5002}); err != nil || len(got) != 1 {
			t.Errorf("%q: got %d values and %v, want one", end, len(got), err)
		}
		if _, err := collectLines[json.RawMessage](strings.NewReader(stream), &StreamOptions{MaxBytes: 4999}); !errors.Is(err, bufio.ErrTooLong) {
			t.Errorf("%q: got %v, want ErrTooLong", end, err)
		}
	}
}

func ExampleJSONLines() {
	type line struct{ Event, Token string }
	stream := strings.NewReader(`{"event":"data","token":"Hello"}` + "\n" + `{"event":"end"}` + "\n")
	for line, err := range JSONLines[line](stream, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(line.Event, line.Token)
	}
	// Output:
	// data Hello
	// end
}
