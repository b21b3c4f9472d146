package local

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/inspector"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// inspected is what the inspector's page reads of a request.
type inspected struct {
	Status  int
	Failed  string
	Failure struct{ Statement json.RawMessage }
	Stages  []struct {
		Name    string
		Facts   [][2]string
		Changes []trace.Change
	}
}

// inspect sends a GET through the edge of a template, and returns its trace as the
// inspector serves it.
func inspect(t *testing.T, template, path string) (got inspected) {
	t.Helper()
	log, _ := logtest.New()
	options := build.Options{Traces: trace.NewLog(1)}
	source := Source{Templates: []templatefile.File{{Path: "testdata/" + template + ".yaml", Stack: template, Region: "us-east-1"}}, Temp: t.TempDir()}
	edge, err := source.Open(options, log)
	if err != nil {
		t.Fatal(err)
	}
	defer edge.Close()
	do(t, edge, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	page := httptest.NewServer(inspector.New(options.Traces, edge, func() string { return "" }))
	defer page.Close()
	resp, err := http.Get(page.URL + "/api/requests/1")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestInspector_shows_the_statement_that_a_denial_misses(t *testing.T) {
	for path, want := range map[string]struct {
		status            int
		failed, statement string
	}{
		"/": {403, "function URL", `{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"the ARN of denials/Handler",` +
			`"Condition":{"ArnLike":{"AWS:SourceArn":"the ARN of denials/Distribution"},"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`},
		"/files/a": {403, "S3", `{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"the ARN of denials/Bucket/files/a",` +
			`"Condition":{"ArnLike":{"AWS:SourceArn":"the ARN of denials/Distribution"}}}`},
		"/prod": {500, "REST API", `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"the ARN of denials/Handler",` +
			`"Condition":{"ArnLike":{"AWS:SourceArn":"the ARN of denials/Api/prod/GET/"}}}`},
	} {
		if got := inspect(t, "denials", path); got.Status != want.status || got.Failed != want.failed || string(got.Failure.Statement) != want.statement {
			t.Errorf("%s: got %d by %s\n%s, want %d by %s\n%s", path, got.Status, got.Failed, got.Failure.Statement, want.status, want.failed, want.statement)
		}
	}
}

func TestInspector_says_of_which_construct_a_made_up_id_is(t *testing.T) {
	meanings, host := map[string]string{}, ""
	for _, stage := range inspect(t, "denials", "/").Stages {
		for _, change := range stage.Changes {
			meanings[change.What+" "+change.Name] = change.Meaning
			if change.Name == "X-Amz-Source-Arn" && !strings.HasPrefix(change.After, "arn:aws:cloudfront::111122223333:distribution/E") {
				t.Errorf("the header isn't shown as it was sent: %q", change.After)
			}
		}
		for _, fact := range stage.Facts {
			if fact[0] == "host" {
				host = fact[1]
			}
		}
	}
	if got := meanings["header X-Amz-Source-Arn"]; got != "the ARN of denials/Distribution" {
		t.Errorf("X-Amz-Source-Arn: got %q", got)
	}
	if got := meanings["host "]; got != "the domain of denials/Url" {
		t.Errorf("the origin's host: got %q", got)
	}
	if meanings["header X-Amz-Date"] != "" || !strings.HasSuffix(host, ".on.aws (the domain of denials/Url)") {
		t.Errorf("got the host %q, and %v", host, meanings)
	}
}
