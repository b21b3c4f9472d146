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

// maxAnswer is how many bytes of an answer are read. No case asks for as many.
const maxAnswer = 16 << 20

// A client sends requests as they are written. It speaks HTTP/1.1 over a
// connection of its own for each, since net/http's client cleans paths, adds
// Content-Length: 0 to a POST without a body, and decides about compression and
// redirects. Proxies of the environment are not used.
type client struct {
	// tls is the configuration for https.
	// Default: that of crypto/tls, from TLS 1.2 up
	tls *tls.Config
}

// send sends r to the host of target and reads the whole answer. An error
// comes with as much of the answer as there was, or nil.
func (c *client) send(ctx context.Context, target *url.URL, r Request) (*Answer, error) {
	conn, err := c.dial(ctx, target)
	if err != nil {
		return nil, because(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	begun := time.Now()
	written := make(chan error, 1)
	go func() {
		_, err := (&net.Buffers{head(target.Host, r), r.Body}).WriteTo(conn)
		written <- err
	}()
	// A refusal may come before the whole body has been sent.
	answer, err := read(conn, r, target.Host, begun)
	stop()
	conn.Close()
	if writeErr := <-written; err != nil && writeErr != nil && !errors.Is(writeErr, net.ErrClosed) {
		err = fmt.Errorf("%w (and sending failed: %w)", err, writeErr)
	}
	return answer, because(ctx, err)
}

func (c *client) dial(ctx context.Context, target *url.URL) (net.Conn, error) {
	name := target.Hostname()
	// Names below localhost are this machine, whether or not its resolver knows.
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

// head returns the request line and the header.
func head(host string, r Request) []byte {
	// AWS WAF's managed rules refuse requests without a User-Agent.
	//
	// See: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
	fields := append([]Field{{"Host", host}, {"User-Agent", "cloudfurl-smoke"}, {"Accept", "*/*"}}, r.Header...)
	if r.Body != nil {
		fields = append(fields, Field{"Content-Length", strconv.Itoa(len(r.Body))})
	}
	var b strings.Builder
	b.WriteString(r.Method + " " + r.Target + " HTTP/1.1\r\n")
	for _, field := range fields {
		b.WriteString(field.Name + ": " + field.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// read reads an answer and takes the times of its body.
func read(conn net.Conn, r Request, host string, begun time.Time) (*Answer, error) {
	buffered := bufio.NewReader(conn)
	response, err := http.ReadResponse(buffered, &http.Request{Method: r.Method})
	for err == nil && response.StatusCode < 200 && response.StatusCode != http.StatusSwitchingProtocols {
		response, err = http.ReadResponse(buffered, &http.Request{Method: r.Method})
	}
	if err != nil {
		return nil, fmt.Errorf("no answer: %w", err)
	}
	answer := &Answer{Request: r, Host: host, Status: response.StatusCode, Header: response.Header}
	if length := response.ContentLength; length > 0 {
		answer.Body = make([]byte, 0, min(length, maxAnswer))
	}
	piece := make([]byte, 32<<10)
	for {
		n, err := response.Body.Read(piece)
		if n > 0 {
			answer.LastByte = time.Since(begun)
			if len(answer.Body) == 0 {
				answer.FirstByte = answer.LastByte
			}
			answer.Body = append(answer.Body, piece[:n]...)
		}
		answer.Total = time.Since(begun)
		switch {
		case err == io.EOF:
			return answer, nil
		case err != nil:
			return answer, fmt.Errorf("the answer broke off after %d B: %w", len(answer.Body), err)
		case len(answer.Body) > maxAnswer:
			return answer, fmt.Errorf("the answer has more than %d B", maxAnswer)
		}
	}
}

// because says that time was up where that is why an exchange failed.
func because(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("time was up: %w", err)
	}
	return ctx.Err()
}
