package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

const (
	key = "correct-horse-battery-staple"

	answer      = `You sent 1 words, and the last is "Hello". No language model answers here: set MODEL.`
	largeAnswer = `You sent 300000 words, and the last is "word". No language model answers here: set MODEL.`
)

func TestOpenai_serves_the_clients_of_OpenAIs_API_and_the_AI_SDK(t *testing.T) {
	localtest.NeedPython(t)
	t.Setenv("API_KEY", key)
	if err := localtest.Run("", nil, "make", "--silent", ".venv/installed", "clients/node_modules/.package-lock.json"); err != nil {
		t.Fatal(err)
	}
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))
	for _, test := range []struct {
		name    string
		command []string
		want    []string
	}{
		{"openai-python and LangChain", []string{filepath.Join(".venv", "bin", "python"), "clients/clients.py"}, []string{
			"models ['embedded']",
			"complete " + answer + " stop 17",
			"stream 16 " + answer + " 16",
			"limit You sent 1  length",
			"error 404 NotFoundError model_not_found model",
			"error 400 BadRequestError unsupported_parameter tools",
			"error 413 APIStatusError body_too_large None",
			"large " + largeAnswer,
			"large, async " + largeAnswer,
			"langchain " + answer,
			"langchain stream " + answer + " 17",
			"langchain large " + largeAnswer,
		}},
		{"openai-node and the AI SDK's transport", []string{"node", "clients/clients.mjs"}, []string{
			"complete " + answer + " stop",
			"stream 18 " + answer,
			"large " + largeAnswer,
			"ai true " + answer + " 16",
			"ai, large true " + largeAnswer + " 16",
			"ai, without a text error the last message has to be the user's and have a text",
		}},
		{"useChat", []string{"node", "clients/use_chat.mjs"}, []string{"ready submitted streaming ready", "Hello | " + answer}},
	} {
		t.Run(test.name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), test.command[0], test.command[1:]...)
			command.Env = append(command.Environ(), "BASE_URL="+edge.URL+"/v1", "CHAT_URL="+edge.URL+"/api/chat")
			command.Stderr = t.Output()
			output, err := command.Output()
			if got, want := strings.TrimSpace(string(output)), strings.Join(test.want, "\n"); err != nil || got != want {
				t.Errorf("%v: got\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}
