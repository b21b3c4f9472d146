package smoke

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxResponse is the most that is read of a response, in bytes. No case needs as
// much.
const maxResponse = 16 << 20

// A client sends requests byte for byte, in HTTP/1.1 and each over a new
// connection. net/http's client would clean paths, add Content-Length: 0 to a
// POST without a body, and handle compression and redirects. Proxies from the
// environment aren't used.
type client struct {
	// tls is the configuration for https.
	// Default: crypto/tls's, with TLS 1.2 or later
	tls *tls.Config
}

// send sends r to the host of target and reads the whole response. With an error
// it returns what it has read of the response, or nil.
func (c *client) send(ctx context.Context, target *url.URL, r Request) (*Response, error) {
	conn, err := c.dial(ctx, target)
	if err != nil {
		return nil, because(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	begun := time.Now()
	written := make(chan error, 1)
	go func() {
		_, err := (&net.Buffers{head(target.Host, r), r.Body, tail(r)}).WriteTo(conn)
		written <- err
	}()
	// An error response may arrive before the whole body has been sent.
	response, err := read(conn, r, target.Host, begun)
	stop()
	conn.Close()
	if writeErr := <-written; err != nil && writeErr != nil && !errors.Is(writeErr, net.ErrClosed) {
		err = fmt.Errorf("%w (and sending failed: %w)", err, writeErr)
	}
	return response, because(ctx, err)
}

func (c *client) dial(ctx context.Context, target *url.URL) (net.Conn, error) {
	name := target.Hostname()
	// Names below localhost are this machine, whatever its resolver says.
	//
	// See: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
	if strings.HasSuffix(strings.ToLower(strings.TrimSuffix(name, ".")), ".localhost") {
		name = "localhost"
	}
	if target.Scheme == "http" {
		return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(name, cmp.Or(target.Port(), "80")))
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.tls != nil {
		config = c.tls.Clone()
	}
	config.NextProtos = []string{"http/1.1"}
	config.ServerName = cmp.Or(config.ServerName, target.Hostname())
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", net.JoinHostPort(name, cmp.Or(target.Port(), "443")))
}

// head returns the request line, the header and the size of a chunk.
func head(host string, r Request) []byte {
	// AWS WAF's managed rules block requests without a User-Agent.
	//
	// See: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
	fields := append([]Field{{"Host", host}, {"User-Agent", "cloudfurl-smoke"}, {"Accept", "*/*"}}, r.Header...)
	chunk := ""
	switch {
	case r.Chunked:
		fields, chunk = append(fields, Field{"Transfer-Encoding", "chunked"}), fmt.Sprintf("%x\r\n", len(r.Body))
	case r.Body != nil:
		fields = append(fields, Field{"Content-Length", strconv.Itoa(len(r.Body))})
	}
	var b strings.Builder
	b.WriteString(r.Method + " " + r.Target + " HTTP/1.1\r\n")
	for _, field := range fields {
		b.WriteString(field.Name + ": " + field.Value + "\r\n")
	}
	b.WriteString("\r\n" + chunk)
	return []byte(b.String())
}

// tail ends the chunk and the body of a chunked request.
func tail(r Request) []byte {
	if r.Chunked {
		return []byte("\r\n0\r\n\r\n")
	}
	return nil
}

// read reads a response and times its body.
func read(conn net.Conn, r Request, host string, begun time.Time) (*Response, error) {
	buffered := bufio.NewReader(conn)
	received, err := http.ReadResponse(buffered, &http.Request{Method: r.Method})
	for err == nil && received.StatusCode < 200 && received.StatusCode != http.StatusSwitchingProtocols {
		received, err = http.ReadResponse(buffered, &http.Request{Method: r.Method})
	}
	if err != nil {
		return nil, fmt.Errorf("no response: %w", err)
	}
	response := &Response{Request: r, Host: host, Status: received.StatusCode, Header: received.Header}
	if length := received.ContentLength; length > 0 {
		response.Body = make([]byte, 0, min(length, maxResponse))
	}
	piece := make([]byte, 32<<10)
	for {
		n, err := received.Body.Read(piece)
		if n > 0 {
			response.LastByte = time.Since(begun)
			if len(response.Body) == 0 {
				response.FirstByte = response.LastByte
			}
			response.Body = append(response.Body, piece[:n]...)
		}
		response.Total = time.Since(begun)
		switch {
		case err == io.EOF:
			return response, nil
		case err != nil:
			return response, fmt.Errorf("the response broke off after %d B: %w", len(response.Body), err)
		case len(response.Body) > maxResponse:
			return response, fmt.Errorf("the response has more than %d B", maxResponse)
		}
	}
}

// because names the timeout or the cancellation that made an exchange fail.
func because(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("timed out: %w", err)
	}
	return ctx.Err()
}
