package runs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// EnvironmentTable is the environment variable with the name of the table, which the
// construct of infra/runs sets.
const EnvironmentTable = contract.EnvironmentRunsTable

// No attempt begins after patience, so all of them take less than the default lease.
// AWS's SDKs wait 50 ms first and double that, too.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.RetryAndBackoff
const (
	patience    = 5 * time.Second
	attemptTime = 2 * time.Second
	firstWait   = 50 * time.Millisecond
)

// A Table is a table of Amazon DynamoDB with the keys run, a string, and seq, a number.
// The function's role needs dynamodb:PutItem and dynamodb:Query.
type Table struct {
	name, endpoint string
	client         *http.Client
}

// NewTable returns the table of [EnvironmentTable]. Region and credentials come from the
// environment, too, as Lambda sets it, and so does AWS_ENDPOINT_URL_DYNAMODB, for regions
// in China and for a DynamoDB of this machine.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
// See: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func NewTable() (*Table, error) {
	name, region := os.Getenv(EnvironmentTable), os.Getenv("AWS_REGION")
	if name == "" || region == "" {
		return nil, fmt.Errorf("runs: %s is %q and AWS_REGION is %q: set both", EnvironmentTable, name, region)
	}
	signer := &client.Signer{Credentials: client.EnvironmentCredentials(), Service: "dynamodb", Region: region}
	return &Table{
		name:     name,
		endpoint: cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), "https://dynamodb."+region+".amazonaws.com"),
		client:   &http.Client{Transport: signer, Timeout: attemptTime},
	}, nil
}

// See: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
func (t *Table) put(ctx context.Context, i item, alive int64) error {
	input := map[string]any{"Item": i}
	if alive != 0 {
		input["ConditionExpression"] = "runState = :running AND aliveUntil <= :alive"
		input["ExpressionAttributeValues"] = map[string]any{":running": text{running}, ":alive": number{alive}}
	}
	return t.call(ctx, "PutItem", input, new(struct{}))
}

// See: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
func (t *Table) query(ctx context.Context, run string, after int64) ([]item, error) {
	var output struct{ Items []item }
	err := t.call(ctx, "Query", map[string]any{
		"ConsistentRead": true, "KeyConditionExpression": "run = :run AND seq > :after",
		"ExpressionAttributeValues": map[string]any{":run": text{run}, ":after": number{after}},
	}, &output)
	return output.Items, err
}

// temporary matches the errors with status 400 that are worth another attempt.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.MessagesAndCodes
var temporary = regexp.MustCompile(`"__type":"[^"]*(ThroughputExceeded|Throttling|RequestLimitExceeded)`)

// call sends a request in DynamoDB's JSON protocol, again if it fails for a moment: no
// request of this package does harm when it arrives twice.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
func (t *Table) call(ctx context.Context, operation string, input map[string]any, output any) error {
	input["TableName"] = t.name
	body, _ := json.Marshal(input) // strings, numbers and bytes
	began := time.Now()
	for n := 1; ; n++ {
		wait := rand.N(firstWait << min(n, 4))
		again, err := t.attempt(ctx, operation, body, output)
		if err == nil || err == errOver {
			return err
		}
		if !again || time.Since(began)+wait > patience || ctx.Err() != nil {
			return fmt.Errorf("runs: %s of the table %s: %w", operation, t.name, err)
		}
		time.Sleep(wait)
	}
}

// attempt reports whether another one may succeed.
func (t *Table) attempt(ctx context.Context, operation string, body []byte, output any) (again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.endpoint, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	response, err := t.client.Do(request)
	if err != nil {
		return true, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return true, err
	case response.StatusCode == http.StatusOK:
		return false, json.Unmarshal(data, output)
	case bytes.Contains(data, []byte("ConditionalCheckFailedException")):
		return false, errOver
	}
	return temporary.Match(data) || response.StatusCode >= 500, fmt.Errorf("%s: %.300s", response.Status, data)
}
