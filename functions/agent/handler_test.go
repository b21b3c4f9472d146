package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
)

func TestAgent_takes_questions_in_JSON(t *testing.T) {
	h := embeddedAgent(t)
	for _, c := range []struct{ target, contentType, body string }{
		{"/agent", "application/json", `{"question": "heartbeat"}`},
		{"/api/agent", "application/json; charset=utf-8", "{\"question\": \" heartbeat\\n\"}\n"},
	} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest("POST", c.target, strings.NewReader(c.body))
		request.Header.Set("Content-Type", c.contentType)
		h.ServeHTTP(recorder, request)
		events := readEvents(t, recorder.Body)
		if recorder.Code != 200 || last(events).Type != "run_finished" || !strings.Contains(last(events).Output.Text, "A heartbeat of server-sent events is a comment") {
			t.Errorf("%s: got %d and %s", c.target, recorder.Code, summary(events))
		}
		if recorder.Header().Get("Cache-Control") != "no-store" || recorder.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("got the header %v", recorder.Header())
		}
	}
}

func TestAgent_says_why_it_rejects(t *testing.T) {
	h := embeddedAgent(t)
	const jsonType = "application/json"
	for name, c := range map[string]struct {
		method, target, contentType, body string
		status                            int
		want                              string
	}{
		"blank":       {"POST", "/agent", jsonType, `{"question":" "}`, 400, `the question is empty: send JSON such as {"question": "How do responses stream?"}`},
		"no field":    {"POST", "/agent", jsonType, `{}`, 400, "the question is empty"},
		"null":        {"POST", "/agent", jsonType, `null`, 400, "the question is empty"},
		"no body":     {"POST", "/agent", jsonType, "", 400, `the body isn't JSON such as {"question": "How do responses stream?"}: unexpected end of JSON input`},
		"no JSON":     {"POST", "/agent", jsonType, "heartbeat", 400, "the body isn't JSON such as"},
		"half":        {"POST", "/agent", jsonType, `{"question":"heart`, 400, "unexpected end of JSON input"},
		"a number":    {"POST", "/agent", jsonType, `{"question":1}`, 400, "cannot unmarshal number"},
		"two objects": {"POST", "/agent", jsonType, `{"question":"a"}{}`, 400, "after top-level value"},
		"a form":      {"POST", "/agent", "application/x-www-form-urlencoded", "question=a", 415, `the body is "application/x-www-form-urlencoded": send JSON with Content-Type: application/json`},
		"too long":    {"POST", "/agent", jsonType, `{"question":"` + strings.Repeat("ä", 2001) + `"}`, 400, "the question has 2001 characters: send at most 2000"},
		"too large":   {"POST", "/agent", jsonType, `{"question":"` + strings.Repeat("x", maxBody) + `"}`, 413, "the body is larger than 25000 bytes: ask a shorter question"},
		"GET":         {"GET", "/agent?question=a", "", "", 405, `GET isn't allowed here: POST JSON such as {"question": "How do responses stream?"}`},
		"HEAD":        {"HEAD", "/agent?question=a", "", "", 405, "HEAD isn't allowed here: POST JSON"},
		"PUT":         {"PUT", "/api/agent", jsonType, `{"question":"a"}`, 405, "PUT isn't allowed here: POST JSON"},
		"preflight":   {"OPTIONS", "/agent", "", "", 405, "OPTIONS isn't allowed here: POST JSON"},
		"elsewhere":   {"GET", "/agent/1", "", "", 404, "nothing at /agent/1: ask at /agent"},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			request := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
			request.Header.Set("Content-Type", c.contentType)
			h.ServeHTTP(recorder, request)
			var got struct{ Error struct{ Message string } }
			if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil || recorder.Code != c.status || !strings.Contains(got.Error.Message, c.want) {
				t.Errorf("got %d %s (%v), want %d and %q", recorder.Code, recorder.Body, err, c.status, c.want)
			}
			if recorder.Header().Get("Content-Type") != jsonType {
				t.Errorf("got the type %s", recorder.Header().Get("Content-Type"))
			}
			if allow := recorder.Header().Get("Allow"); (c.status == 405) != (allow == "POST") {
				t.Errorf("got Allow: %s", allow)
			}
		})
	}
}

func TestAgent_takes_the_longest_question_however_it_is_written(t *testing.T) {
	for _, character := range []string{"a", "ä", `\u00e4`, `\ud83d\ude00`} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest("POST", "/agent", strings.NewReader(`{"question":"`+strings.Repeat(character, maxQuestion)+`"}`))
		request.Header.Set("Content-Type", "application/json")
		embeddedAgent(t).ServeHTTP(recorder, request)
		if recorder.Code != 200 {
			t.Errorf("2000 times %s: got %d %s", character, recorder.Code, recorder.Body)
		}
	}
}

func TestAgent_stops_clients_that_connect_again(t *testing.T) {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest("POST", "/agent", strings.NewReader(`{"question": "heartbeat"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Last-Event-ID", "7")
	embeddedAgent(t).ServeHTTP(recorder, request)
	if recorder.Code != 204 || recorder.Body.Len() != 0 {
		t.Errorf("got %d %s, want 204", recorder.Code, recorder.Body)
	}
}

func TestAgent_keeps_questions_out_of_its_log(t *testing.T) {
	previous := slog.Default()
	defer slog.SetDefault(previous)
	var log bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	h := requestlog.Middleware(embeddedAgent(t))
	ask(t, h, "Why heartbeats, Ada?")
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/agent?question=Ada", nil))
	if got := log.String(); strings.Count(got, "path=/agent ") != 2 || !strings.Contains(got, "the run finished") || strings.Contains(got, "Ada") {
		t.Errorf("got the log %s, want three lines without the questions", got)
	}
}

func TestModelFrom_says_what_is_wrong(t *testing.T) {
	for want, environment := range map[string]map[string]string{
		`AGENT_MODEL is "gpt": use embedded, bedrock:MODEL-ID or openai:MODEL`: {"AGENT_MODEL": "gpt"},
		`AGENT_MODEL is "bedrock:": use embedded`:                              {"AGENT_MODEL": "bedrock:"},
		`AGENT_MODEL is "openai": use embedded`:                                {"AGENT_MODEL": "openai"},
		`AGENT_MODEL is "embedded:x": use embedded`:                            {"AGENT_MODEL": "embedded:x"},
		`AGENT_MODEL is "openai:llama3.2", but OPENAI_BASE_URL isn't set`:      {"AGENT_MODEL": "openai:llama3.2"},
		`the base URL is "localhost"`:                                          {"AGENT_MODEL": "openai:llama3.2", "OPENAI_BASE_URL": "localhost"},
		`AGENT_TOKEN_DELAY is "20": set it to the time before each token`:      {"AGENT_TOKEN_DELAY": "20"},
	} {
		if _, err := fromEnvironment(t.Context(), func(name string) string { return environment[name] }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", environment, err, want)
		}
	}
}

func TestModelFrom_says_that_a_build_is_without_Bedrock(t *testing.T) {
	linked := newBedrock
	newBedrock = nil
	t.Cleanup(func() { newBedrock = linked })
	_, err := modelFrom(t.Context(), func(string) string { return "bedrock:amazon.nova-lite-v1:0" })
	if want := `AGENT_MODEL is "bedrock:amazon.nova-lite-v1:0", but the agent was built with the tag nobedrock`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestModelFrom_chooses_a_model(t *testing.T) {
	// Not a profile of the developer's.
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	for chosen, want := range map[string]string{
		"":                                 "embedded",
		"embedded":                         "embedded",
		"bedrock:eu.amazon.nova-lite-v1:0": "bedrock:eu.amazon.nova-lite-v1:0",
		"openai:llama3.2:3b":               "openai:llama3.2:3b",
	} {
		m, err := modelFrom(t.Context(), func(name string) string {
			return map[string]string{"AGENT_MODEL": chosen, "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}[name]
		})
		if err != nil || m.Name() != want {
			t.Errorf("%q: got %v and %v", chosen, m, err)
		}
	}
}
