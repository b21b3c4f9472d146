package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

const function = "Guestbook/Api/Handler/Function"

// sign submits the form from a page of an origin, and returns the status and body of
// where that leads.
func sign(t *testing.T, edge *localtest.Edge, origin, name, text string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, edge.URL+"/", strings.NewReader(url.Values{"name": {name}, "text": {text}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", origin)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestGuestbook_synthesizes_and_serves(t *testing.T) {
	command := localtest.Build(t)
	assembly := localtest.Synthesize(t, map[string]string{"aws:cdk:enable-path-metadata": "true"}) // as the CDK CLI and --watch
	t.Run("stores what visitors write", func(t *testing.T) { storesEntries(t, command, assembly) })
	t.Run("says that it can't reach its table", func(t *testing.T) { missesTable(t, command, assembly) })
	t.Run("may use its table on AWS", func(t *testing.T) { mayUseTable(t, assembly) })
}

func storesEntries(t *testing.T, command, assembly string) {
	address := localtest.Database(t, "guestbook", "book:S", "written:S")
	flags := []string{"--env", function + ".TABLE_NAME=guestbook", "--env", function + ".AWS_ENDPOINT_URL_DYNAMODB=" + address}
	edge := localtest.Serve(t, command, assembly, flags...)
	if page := localtest.Get(t, edge.URL+"/"); !strings.Contains(page, "<form") || strings.Contains(page, "<article>") {
		t.Errorf("got %s, want a form without entries", page)
	}

	first := "<script>alert(1)</script> & \"quotes\"\nä 本 🦊"
	sign(t, edge, edge.URL, "Ada", first)
	status, page := sign(t, edge, edge.URL, " Bob ", "second")
	escaped := "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;\nä 本 🦊"
	if a, b := strings.Index(page, "<p>second</p>"), strings.Index(page, "<p>"+escaped+"</p>"); status != http.StatusOK || a < 0 || b < a || !strings.Contains(page, "<small>Bob, ") {
		t.Errorf("got %d %s, want both entries, the newest first", status, page)
	}

	for what, test := range map[string]struct {
		origin, name, text string
		want               int
	}{
		"a form of another site": {"https://other.example.com", "Eve", "forged", http.StatusForbidden},
		"no name":                {edge.URL, " ", "anonymous", http.StatusBadRequest},
		"no text":                {edge.URL, "Eve", "", http.StatusBadRequest},
		"a long name":            {edge.URL, strings.Repeat("x", 41), "long name", http.StatusBadRequest},
		"a long text":            {edge.URL, "Eve", strings.Repeat("ä", 501), http.StatusBadRequest},
		"no UTF-8":               {edge.URL, "Eve", "\xff", http.StatusBadRequest},
		"a form too large":       {edge.URL, "Eve", strings.Repeat("x", 20<<10), http.StatusRequestEntityTooLarge},
		"the longest":            {edge.URL, strings.Repeat("ä", 40), strings.Repeat("本", 500), http.StatusOK},
	} {
		if status, body := sign(t, edge, test.origin, test.name, test.text); status != test.want {
			t.Errorf("%s: got %d %s, want %d", what, status, body, test.want)
		}
	}
	// The table outlives the handlers.
	again := localtest.Serve(t, command, assembly, flags...)
	if page := localtest.Get(t, again.URL+"/"); strings.Count(page, "<article>") != 3 || strings.Contains(page, "Eve") {
		t.Errorf("got %s, want three entries", page)
	}
}

func missesTable(t *testing.T, command, assembly string) {
	edge := localtest.Serve(t, command, assembly, "--env", function+".AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1",
		"--env", function+".AWS_MAX_ATTEMPTS=1")
	if page := localtest.Get(t, edge.URL+"/"); !strings.Contains(page, "can't be read") {
		t.Errorf("got %s", page)
	}
	if status, body := sign(t, edge, edge.URL, "Ada", "text"); status != http.StatusServiceUnavailable {
		t.Errorf("got %d %s, want 503", status, body)
	}
	edge.WaitForLog(t, "can't read the table", "can't write to the table")
}

// mayUseTable checks what the database of this machine doesn't.
func mayUseTable(t *testing.T, assembly string) {
	data, err := os.ReadFile(filepath.Join(assembly, "Guestbook.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				KeySchema      []struct{ AttributeName, KeyType string }
				PolicyDocument struct {
					Statement []struct {
						Action   any
						Resource any
					}
				}
			}
		}
	}
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	granted := false
	for id, r := range template.Resources {
		switch {
		case r.Type == "AWS::DynamoDB::GlobalTable":
			if keys := r.Properties.KeySchema; len(keys) != 2 || keys[0].AttributeName != "book" || keys[1].AttributeName != "written" {
				t.Errorf("%s: got %v, want the keys of the Makefile", id, keys)
			}
		case r.Type == "AWS::IAM::Policy":
			for _, statement := range r.Properties.PolicyDocument.Statement {
				actions, _ := statement.Action.([]any)
				granted = granted || slices.Contains(actions, any("dynamodb:PutItem")) && slices.Contains(actions, any("dynamodb:Query"))
			}
		}
	}
	if !granted {
		t.Error("no policy allows dynamodb:PutItem and dynamodb:Query")
	}
}
