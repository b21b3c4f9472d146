package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

const token = "correct-horse-battery-staple"

func TestMcp_serves_the_clients_of_the_SDK(t *testing.T) {
	t.Setenv("MCP_TOKEN", token)
	assembly := localtest.Synthesize(t)
	edge := localtest.Serve(t, localtest.Build(t), assembly)
	url := edge.URL + "/mcp"

	t.Run("keeps the token out of the template", func(t *testing.T) {
		template, err := os.ReadFile(filepath.Join(assembly, "Mcp.template.json"))
		if err != nil || strings.Contains(string(template), token) || !strings.Contains(string(template), `"TOKEN_SHA256"`) {
			t.Errorf("%v: want the hash of the token in the template, and not the token", err)
		}
	})
	for _, version := range []string{"2025-06-18", "2025-11-25", "2026-07-28"} {
		t.Run("lists and calls its tools by protocol "+version, func(t *testing.T) { testTools(t, url, version) })
	}
	t.Run("serves several sessions at once", func(t *testing.T) { testSessions(t, url) })
	t.Run("tells the client its progress", func(t *testing.T) { testProgress(t, url) })
	t.Run("streams", func(t *testing.T) { testStream(t, url) })
	t.Run("rejects other tokens", func(t *testing.T) { testTokens(t, url) })
	t.Run("rejects what it doesn't do", func(t *testing.T) { testRejections(t, url) })
}

// bearer sends a token, and the hash of the body, which lets it be over 1 MB.
type bearer string

func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+string(b))
	return (&client.BodyHasher{}).RoundTrip(request)
}

// connect initializes a session. An empty version is the client's newest.
func connect(ctx context.Context, url, token, version string, options *mcp.ClientOptions) (*mcp.ClientSession, error) {
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1.0.0"}, options)
	transport := &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: bearer(token)}}
	return c.Connect(ctx, transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
}

func session(t *testing.T, url, version string, options *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	s, err := connect(t.Context(), url, token, version, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func testTools(t *testing.T, url, version string) {
	s := session(t, url, version, nil)
	if got := s.InitializeResult().ProtocolVersion; got != version {
		t.Errorf("got protocol %s, want %s", got, version)
	}
	list, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"count_primes", "current_time", "days_between"}) {
		t.Errorf("got tools %v", names)
	}
	for _, test := range []struct {
		tool      string
		arguments any
		failed    bool
		want      string
	}{
		{"days_between", map[string]string{"from": "2026-11-28", "to": "2026-12-24"}, false, `{"days":26}`},
		{"days_between", map[string]string{"from": "28.11.2026", "to": "2026-12-24"}, true, "28.11.2026"},
		{"current_time", map[string]string{"zone": "Asia/Kolkata"}, false, "+05:30"},
		{"current_time", map[string]string{"zone": "Mars/Olympus"}, true, "give an IANA name, such as Europe/Berlin"},
		{"days_between", map[string]string{"from": strings.Repeat("0", 2<<20), "to": "2026-12-24"}, true, "cannot parse"},
		{"count_primes", map[string]int{"limit": 1_000_000}, false, `{"primes":78498}`},
		{"count_primes", map[string]int{"limit": 500_000_001}, true, "give 0 to 500000000"},
		{"count_primes", map[string]string{"limit": "many"}, true, "limit"},
	} {
		result, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: test.tool, Arguments: test.arguments})
		if err != nil {
			t.Errorf("%s(%.100v): %v", test.tool, test.arguments, err)
			continue
		}
		if got := text(result); result.IsError != test.failed || !strings.Contains(got, test.want) {
			t.Errorf("%s(%.100v): got %.200s (failed: %v), want %s", test.tool, test.arguments, got, result.IsError, test.want)
		}
	}
}

func text(result *mcp.CallToolResult) string {
	var all strings.Builder
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			all.WriteString(text.Text)
		}
	}
	return all.String()
}

// Each call needs an environment of its own while it runs.
func testSessions(t *testing.T, url string) {
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			s, err := connect(t.Context(), url, token, "", nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for days := range 3 {
				to := fmt.Sprintf("2026-12-%02d", 1+i+days)
				result, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: "days_between", Arguments: map[string]string{"from": "2026-12-01", "to": to}})
				if err != nil || text(result) != fmt.Sprintf(`{"days":%d}`, i+days) {
					t.Errorf("session %d: got %v (%v), want %d days", i, result, err, i+days)
				}
			}
		})
	}
	group.Wait()
}

func testProgress(t *testing.T, url string) {
	got := make(chan float64, 100)
	s := session(t, url, "", &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, request *mcp.ProgressNotificationClientRequest) {
			got <- request.Params.Progress
		},
	})
	params := &mcp.CallToolParams{Name: "count_primes", Arguments: map[string]int{"limit": 1_000_000}}
	params.SetProgressToken("primes")
	result, err := s.CallTool(t.Context(), params)
	if err != nil || text(result) != `{"primes":78498}` {
		t.Fatalf("got %v (%v), want 78498", result, err)
	}
	for want := range 10 {
		if progress := <-got; progress != float64(want+1) {
			t.Errorf("got progress %v, want %d", progress, want+1)
		}
	}
}

// send sends a message, or nothing, with more header fields.
func send(t *testing.T, method, url, message string, header ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, text/event-stream")
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// A busy machine may deliver all events at once, so one attempt of several has to
// show the first of them before the last.
func testStream(t *testing.T, url string) {
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count_primes","arguments":{"limit":100000000},"_meta":{"progressToken":1}}}`
	for range 3 {
		response := send(t, "POST", url, call)
		var data []string
		var first time.Time
		for event, err := range client.Events(response.Body, nil) {
			if err != nil {
				t.Fatal(err)
			}
			if data = append(data, event.Data); len(data) == 1 {
				first = time.Now()
			}
		}
		if len(data) != 11 || !strings.Contains(data[0], `"notifications/progress"`) || !strings.Contains(data[10], `"primes":5761455`) {
			t.Fatalf("got %q, want 10 notifications and the result", data)
		}
		if time.Since(first) > 100*time.Millisecond {
			return
		}
	}
	t.Error("the first notification never arrived before the others")
}

func testTokens(t *testing.T, url string) {
	if _, err := connect(t.Context(), url, "guessed", "", nil); err == nil || !strings.Contains(err.Error(), "Unauthorized") {
		t.Errorf("got %v, want Unauthorized", err)
	}
	for _, authorization := range []string{"", "Bearer", "Bearer " + token + "x", "Basic " + token} {
		response := send(t, "POST", url, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, "Authorization", authorization, "X-Original-Authorization", "Bearer "+token)
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q: got %s, want 401", authorization, response.Status)
		}
	}
}

func testRejections(t *testing.T, url string) {
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`
	for name, test := range map[string]struct {
		method, body string
		header       []string
		status       int
		want         string
	}{
		"GET, without a session":    {"GET", "", nil, 405, "Method Not Allowed"},
		"DELETE, without a session": {"DELETE", "", []string{"Mcp-Session-Id", "1"}, 405, "Method Not Allowed"},
		"a page of another origin":  {"POST", list, []string{"Origin", "https://evil.example"}, 403, "cross-origin"},
		"such a page's browser":     {"POST", list, []string{"Sec-Fetch-Site", "cross-site"}, 403, "cross-origin"},
		"its own origin":            {"POST", list, []string{"Origin", strings.TrimSuffix(url, "/mcp")}, 200, "days_between"},
		"JSON of another kind":      {"POST", "{}", nil, 400, ""},
		"over 1 MB without a hash":  {"POST", list + strings.Repeat(" ", 1<<20), nil, 413, "body_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			response := send(t, test.method, url, test.body, test.header...)
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || !strings.Contains(string(body), test.want) {
				t.Errorf("got %s %s (%v), want %d %s", response.Status, body, err, test.status, test.want)
			}
			if test.status == http.StatusMethodNotAllowed && response.Header.Get("Allow") != "POST" {
				t.Errorf("got Allow %q, want POST", response.Header.Get("Allow"))
			}
		})
	}
}
