package restapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
)

func TestAPI_streams(t *testing.T) {
	read, write := io.Pipe()
	a := newAPI(t, func(context.Context, []byte) (*lambda.Response, error) {
		return &lambda.Response{Body: read}, nil
	}, nil, "GET / STREAM")
	server := httptest.NewServer(a)
	defer server.Close()
	go io.WriteString(write, `{"statusCode":201,"headers":{"content-type":"text/event-stream","vary":["a","b"]},"cookies":["c=1"]}`+nuls+"first")
	resp, err := server.Client().Get(server.URL + "/prod")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "first" || resp.StatusCode != http.StatusCreated {
		t.Fatalf("got %d %q, %v", resp.StatusCode, first, err)
	}
	if h := resp.Header; h.Get("Content-Type") != "text/event-stream" || h.Get("Set-Cookie") != "c=1" || len(h["Vary"]) != 2 {
		t.Errorf("got %v", h)
	}
	go func() {
		io.WriteString(write, " second")
		write.Close()
	}()
	if rest, err := io.ReadAll(resp.Body); string(rest) != " second" || err != nil {
		t.Errorf("got %q, %v", rest, err)
	}
}

// silent is a function that responds with what it has and then stays silent, for as
// long as anybody waits.
func silent(sent string) invoke {
	return func(ctx context.Context, _ []byte) (*lambda.Response, error) {
		if sent == "" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		read, write := io.Pipe()
		go io.WriteString(write, sent)
		return &lambda.Response{Body: read}, nil
	}
}

func TestAPI_ends_what_takes_too_long(t *testing.T) {
	for name, test := range map[string]struct {
		route, sent string
		idle        time.Duration
		after       time.Duration
		status      int
		log         string
	}{
		"no result":         {"GET /", "", 0, time.Minute, 504, "didn't respond within 1m0s"},
		"half a result":     {"GET /", `{"statusCode":`, 0, time.Minute, 504, "didn't respond within 1m0s"},
		"no stream":         {"GET / STREAM", "", 0, time.Minute, 504, "didn't respond within 1m0s"},
		"half a prelude":    {"GET / STREAM", `{"statusCode":`, 0, time.Minute, 504, "didn't respond within 1m0s"},
		"a silent stream":   {"GET / STREAM", "{}" + nuls + "x", 30 * time.Second, 30 * time.Second, 200, "the function sent nothing for 30s"},
		"an endless stream": {"GET / STREAM", "{}" + nuls + "x", 0, time.Minute, 200, "took longer than the integration's TimeoutInMillis"},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newAPI(t, silent(test.sent), func(c *restapi.Config) { c.IdleTimeout = test.idle }, test.route)
			began := time.Now()
			resp := a.send(t, http.MethodGet, "/prod/", "")
			if resp.status != test.status || time.Since(began) != test.after {
				t.Errorf("%s: got %d %s after %v", name, resp.status, resp.body, time.Since(began))
			}
			if test.status == 504 && (resp.body != `{"message":"Endpoint request timed out"}` || resp.header.Get("X-Amzn-Errortype") != "InternalServerErrorException") {
				t.Errorf("%s: got %v %s", name, resp.header, resp.body)
			}
			a.log.Want(t, test.log)
		})
	}
}

func TestAPI_blames_nobody_when_the_viewer_leaves(t *testing.T) {
	for _, sent := range []string{"", "{}" + nuls + "x"} {
		a := newAPI(t, silent(sent), nil, "GET / STREAM")
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		req := newRequest(http.MethodGet, "/prod/", "").WithContext(ctx)
		req.Host = "abc123.execute-api.eu-west-1.amazonaws.com"
		if sent == "" {
			leave()
		}
		resp, err := a.RoundTrip(req)
		if err == nil {
			leave()
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if !errors.Is(err, context.Canceled) || a.log.String() != "" {
			t.Errorf("got %v, log %s", err, a.log)
		}
	}
}
