package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

const question = "Why is the sky blue?"

func TestFastapiSSE_streams_events(t *testing.T) {
	localtest.NeedPython(t)
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))

	get := localtest.Stream(t, edge.URL+"/chat?prompt=Why+is+the+sky+blue%3F", time.Second)
	checkEvents(t, get)
	if got := post(t, edge.URL+"/chat"); got != get {
		t.Errorf("got %q for a POST, want %q", got, get)
	}
	edge.StreamAtOnce(t, "/chat?prompt=Why+is+the+sky+blue%3F", 6, get)
	edge.PostMegabyte(t, "/echo")
	if page := localtest.Get(t, edge.URL+"/"); !strings.Contains(page, "new EventSource('/chat?'") {
		t.Errorf("got %q, want index.html", page)
	}
}

func TestFastapiSSE_serves_an_edited_app(t *testing.T) {
	localtest.NeedPython(t)
	localtest.CopyModule(t)
	edge := localtest.Watch(t, localtest.Build(t))
	if got := post(t, edge.URL+"/chat"); !strings.HasPrefix(got, ": thinking\n") {
		t.Fatalf("got %q, want the comment first", got)
	}
	source, err := os.ReadFile("app/app.py")
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(source), `comment="thinking"`, `comment="edited"`, 1)
	if err := os.WriteFile("app/app.py", []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		if strings.HasPrefix(post(t, edge.URL+"/chat"), ": edited\n") {
			return
		}
	}
	t.Error("got no edited app in 60 requests of two seconds")
}

// checkEvents checks a stream: a comment, a token a word, and the end.
func checkEvents(t *testing.T, stream string) {
	t.Helper()
	comment, rest, _ := strings.Cut(stream, "\n\n")
	if comment != ": thinking" {
		t.Errorf("got %q first, want the comment", comment)
	}
	tokens := strings.Count(rest, "event: token\ndata: \"")
	if tokens != 30 || !strings.HasSuffix(rest, "event: done\ndata: {\"tokens\": 30}\n\n") {
		t.Errorf("got %d tokens in %q, want 30 and the end", tokens, rest)
	}
}

func post(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(`{"prompt": "`+question+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("got %s, %q and %v, want 200", response.Status, body, err)
	}
	return string(body)
}
