package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

const (
	redirectURL = "http://127.0.0.1:1/callback"

	// What the clocks of issuer and edge may differ, and a little more.
	leeway = 11
)

// An authorization server of npm's oidc-provider, whose tokens live for 3 seconds, and
// the server for its tokens.
type protected struct{ issuer, resource string }

func TestMcp_serves_clients_that_log_in(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: there is no node for the authorization server")
	}
	if err := localtest.Run("clients", nil, "npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"); err != nil {
		t.Fatal(err)
	}
	p := protected{issuer: startIssuer(t, node)}
	address := freeAddress(t)
	p.resource = "http://" + address + "/mcp"
	t.Setenv("MCP_ISSUER", p.issuer)
	t.Setenv("MCP_RESOURCE", p.resource)
	localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t), "--listen", address)

	t.Run("leads clients to the issuer", p.testChallenge)
	t.Run("the SDK of Go", p.testGo)
	t.Run("the SDK of TypeScript, which refreshes an expired token", func(t *testing.T) { p.testTypeScript(t, node) })
	t.Run("after the issuer has a new key", func(t *testing.T) {
		if response := send(t, "POST", p.issuer+"/rotate", ""); response.StatusCode != http.StatusOK {
			t.Fatal(response.Status)
		}
		p.testGo(t)
	})
}

// startIssuer runs the authorization server until the test ends, and returns its issuer.
func startIssuer(t *testing.T, node string) string {
	t.Helper()
	server := exec.Command(node, "clients/server.mjs", "3")
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatal("the authorization server hasn't started")
	}
	return lines.Text()
}

// freeAddress returns an address that nobody listens on: the resource has to be known
// at synthesis.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (p protected) testChallenge(t *testing.T) {
	origin := strings.TrimSuffix(p.resource, "/mcp")
	const wellKnown = "/.well-known/oauth-protected-resource"
	challenge := `Bearer resource_metadata="` + origin + wellKnown + `/mcp"`
	for authorization, want := range map[string]string{
		"":                challenge + `, scope="mcp"`,
		"Basic YTpi":      challenge + `, scope="mcp"`,
		"Bearer opaque":   challenge, // the handler's, in its short form
		"Bearer a.e30.c":  challenge + `, scope="mcp", error="invalid_token", error_description="The access token is from another issuer."`,
		"Bearer a.bm8.c":  challenge,
		"Bearer a.W10.cc": challenge + `, scope="mcp", error="invalid_token", error_description="The access token is from another issuer."`,
	} {
		response := send(t, "POST", p.resource, "{}", "Authorization", authorization, "X-Original-Authorization", "Bearer forged")
		if got := response.Header.Get("WWW-Authenticate"); response.StatusCode != http.StatusUnauthorized || got != want {
			t.Errorf("%q: got %s %s, want 401 %s", authorization, response.Status, got, want)
		}
	}
	for _, path := range []string{wellKnown, wellKnown + "/mcp"} {
		var metadata oauthex.ProtectedResourceMetadata
		if err := json.NewDecoder(send(t, "GET", origin+path, "").Body).Decode(&metadata); err != nil || metadata.Resource != p.resource || metadata.AuthorizationServers[0] != p.issuer {
			t.Errorf("%s: got %+v (%v), want %+v", path, metadata, err, p)
		}
	}
}

// testGo registers a client, logs in, and calls a tool twice. The SDK refreshes the
// token for each request, because it is about to expire.
func (p protected) testGo(t *testing.T) {
	logins := 0
	handler, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{Metadata: &oauthex.ClientRegistrationMetadata{
			RedirectURIs: []string{redirectURL}, GrantTypes: []string{"authorization_code", "refresh_token"}, TokenEndpointAuthMethod: "none",
		}},
		AuthorizationCodeFetcher: func(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			logins++
			return login(ctx, args.URL)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1.0.0"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: p.resource, OAuthHandler: handler}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for range 2 {
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "days_between", Arguments: map[string]string{"from": "2026-11-28", "to": "2026-12-24"}})
		if err != nil || text(result) != `{"days":26}` {
			t.Errorf("got %v (%v), want 26 days", result, err)
		}
	}
	if logins != 1 {
		t.Errorf("got %d logins, want 1", logins)
	}
}

// login follows an authorization URL as a browser does, up to the client.
func login(ctx context.Context, address string) (*auth.AuthorizationResult, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	atClient := errors.New("at the client")
	result := new(auth.AuthorizationResult)
	browser := &http.Client{Jar: jar, CheckRedirect: func(request *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(request.URL.String(), redirectURL) {
			return nil
		}
		query := request.URL.Query()
		result.Code, result.State, result.Iss = query.Get("code"), query.Get("state"), query.Get("iss")
		return atClient
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := browser.Do(request)
	if err == nil {
		response.Body.Close()
		return nil, errors.New("the login ended at " + response.Request.URL.String())
	}
	if !errors.Is(err, atClient) {
		return nil, err
	}
	return result, nil
}

func (p protected) testTypeScript(t *testing.T, node string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	wait, _ := json.Marshal(3 + leeway)
	output, err := exec.CommandContext(ctx, node, "clients/client.mjs", p.resource, string(wait)).CombinedOutput()
	if got := strings.TrimSpace(string(output)); err != nil || got != `logged in, {"days":26}, refreshed, {"days":26}` {
		t.Errorf("got %s (%v), want a login, a call, a refreshed token and a call", got, err)
	}
}
