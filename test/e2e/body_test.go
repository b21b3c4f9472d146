package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestPath_carries_every_body_unchanged(t *testing.T) {
	e := serve(t, built.assembly)
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, body := range map[string][]byte{
		"empty":           {},
		"one byte":        {0},
		"every byte":      every,
		"text":            []byte("größer als 1 €\r\n"),
		"1 MB less 1":     random(t, 1<<20-1),
		"1 MB":            random(t, 1<<20),
		"invalid UTF-8":   {0xff, 0xfe, 0xc3, 0x28},
		"looks like hash": []byte(hash(nil)),
	} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			t.Run(method+" "+name, func(t *testing.T) {
				var headers []string
				if method == http.MethodDelete {
					// The edge function doesn't see it, so the viewer sends the hash.
					headers = []string{"x-amz-content-sha256", hash(body)}
				}
				response, got := send(t, method, e.URL+"/echo", body, headers...)
				if response.StatusCode != http.StatusOK {
					t.Fatalf("got status %d and %q, want 200", response.StatusCode, got)
				}
				if !bytes.Equal(got, body) {
					t.Errorf("got %d different bytes back, want the %d that were sent", len(got), len(body))
				}
				if got := response.Header.Get("X-Body-Sha256"); got != hash(body) {
					t.Errorf("got X-Body-Sha256 %s, want %s", got, hash(body))
				}
			})
		}
	}
}

func TestPath_accepts_the_body_of_a_DELETE_only_with_its_hash(t *testing.T) {
	e := serve(t, built.assembly)
	for declared, want := range map[string]int{"": http.StatusLengthRequired, hash([]byte("other")): http.StatusForbidden} {
		var headers []string
		if declared != "" {
			headers = []string{"x-amz-content-sha256", declared}
		}
		response, got := send(t, http.MethodDelete, e.URL+"/echo", []byte("body"), headers...)
		if response.StatusCode != want {
			t.Errorf("hash %q: got %d %s, want %d", declared, response.StatusCode, got, want)
		}
	}
}

func TestPath_accepts_a_large_body_only_with_its_hash(t *testing.T) {
	e := serve(t, built.assembly)
	for name, size := range map[string]int{"1 MB and 1": 1<<20 + 1, "3 MB": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			body := random(t, size)
			response, got := send(t, http.MethodPost, e.URL+"/echo", body)
			var problem struct {
				Error struct{ Message, Code, Hint, Limit string }
			}
			if err := json.Unmarshal(got, &problem); err != nil {
				t.Fatalf("got %q, want JSON: %v", got, err)
			}
			if response.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(problem.Error.Hint, "x-amz-content-sha256") {
				t.Errorf("got %d %+v, want 413 and a hint", response.StatusCode, problem)
			}
			response, got = send(t, http.MethodPost, e.URL+"/echo", body, "x-amz-content-sha256", hash(body))
			if response.StatusCode != http.StatusOK || !bytes.Equal(got, body) {
				t.Errorf("got %d and %d bytes, want 200 and the body", response.StatusCode, len(got))
			}
			response, got = send(t, http.MethodPost, e.URL+"/echo", body, "x-amz-content-sha256", hash(nil))
			if response.StatusCode != http.StatusForbidden || response.Header.Get("X-Amzn-Errortype") != "InvalidSignatureException" {
				t.Errorf("with a wrong hash: got %d %s, want Lambda's 403 InvalidSignatureException", response.StatusCode, got)
			}
		})
	}
}

func TestPath_rejects_a_body_that_does_not_match_its_hash(t *testing.T) {
	e := serve(t, built.assembly)
	response, got := send(t, http.MethodPost, e.URL+"/echo", []byte("changed"), "x-amz-content-sha256", hash([]byte("original")))
	if response.StatusCode != http.StatusBadRequest || !json.Valid(got) {
		t.Errorf("got %d %s, want 400 in JSON", response.StatusCode, got)
	}
	response, got = send(t, http.MethodPost, e.URL+"/echo", []byte("body"), "x-amz-content-sha256", "UNSIGNED-PAYLOAD")
	if response.StatusCode != http.StatusOK || string(got) != "body" {
		t.Errorf("with UNSIGNED-PAYLOAD: got %d %s, want the body back", response.StatusCode, got)
	}
}

func TestPath_without_IncludeBody_rejects_bodies(t *testing.T) {
	e := serve(t, changed(t, "Cloudfurl", func(resources map[string]any) {
		for _, value := range resources {
			properties, _ := value.(map[string]any)["Properties"].(map[string]any)
			config, ok := properties["DistributionConfig"].(map[string]any)
			if !ok {
				continue
			}
			behavior := config["DefaultCacheBehavior"].(map[string]any)
			behavior["LambdaFunctionAssociations"].([]any)[0].(map[string]any)["IncludeBody"] = false
		}
	}))
	response, got := send(t, http.MethodPost, e.URL+"/echo", []byte("body"))
	if response.StatusCode != http.StatusLengthRequired || !json.Valid(got) {
		t.Errorf("got %d %s, want body_hasher's 411 in JSON", response.StatusCode, got)
	}
}
