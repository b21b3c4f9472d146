package runs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// answering returns a table whose DynamoDB gives answers, one after the other.
func answering(t *testing.T, answers ...func(w http.ResponseWriter, r *http.Request)) *Table {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(answers) == 0 {
			t.Errorf("got one request too many")
			return
		}
		answer := answers[0]
		answers = answers[1:]
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if len(answers) > 0 {
			t.Errorf("%d answers weren't asked for", len(answers))
		}
	})
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": server.URL, EnvironmentTable: "runs", "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
	} {
		t.Setenv(name, value)
	}
	return newTable(t)
}

func status(code int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

const throttling = `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"too fast"}`

func TestTable_tries_again_what_may_succeed(t *testing.T) {
	table := answering(t, status(500, ""), status(400, throttling), cut, status(400, throttling), status(400, throttling), status(400, throttling), status(200, `{}`))
	if err := table.put(t.Context(), item{}, 0); err != nil {
		t.Error(err)
	}
}

func TestTable_gives_up(t *testing.T) {
	for name, test := range map[string]struct {
		answers []func(http.ResponseWriter, *http.Request)
		want    string
	}{
		"at once": {
			[]func(http.ResponseWriter, *http.Request){status(400, `{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"no"}`)},
			"UnrecognizedClientException",
		},
		"when a condition fails": {
			[]func(http.ResponseWriter, *http.Request){status(400, `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"}`)},
			"the run is over",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := answering(t, test.answers...).put(t.Context(), item{}, 1); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestTable_gives_up_before_the_lease_ends(t *testing.T) {
	requests := 0
	table := answering(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		status(503, "busy")(w, r)
	}))
	defer server.Close()
	table.endpoint = server.URL
	began := time.Now()
	err := table.put(t.Context(), item{}, 0)
	if want := "runs: PutItem of the table runs: 503 Service Unavailable: busy"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if took := time.Since(began); took < 4*time.Second || took > 8*time.Second || requests > 100 {
		t.Errorf("got %d requests in %v, want a few in about 5 s", requests, took)
	}
}

func TestTable_speaks_the_protocol_of_DynamoDB(t *testing.T) {
	var got *http.Request
	var body []byte
	table := answering(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		io.WriteString(w, `{}`)
	})
	if err := table.put(t.Context(), item{Run: text{"r"}, Number: number{7}, Expires: number{9}, Events: binary{[]byte("abc")}}, 5); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.PutItem", "X-Amz-Security-Token": "token",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: got %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if a := got.Header.Get("Authorization"); !strings.Contains(a, "/eu-west-1/dynamodb/aws4_request") || !strings.Contains(a, "x-amz-target") {
		t.Errorf("got the signature %s", a)
	}
	want := `{"ConditionExpression":"runState = :running AND aliveUntil \u003c= :alive",` +
		`"ExpressionAttributeValues":{":alive":{"N":"5"},":running":{"S":"running"}},` +
		`"Item":{"run":{"S":"r"},"seq":{"N":"7"},"expires":{"N":"9"},"events":{"B":"YWJj"}},"TableName":"runs"}`
	if string(body) != want {
		t.Errorf("got %s, want %s", body, want)
	}
}

func TestNewTable_says_what_is_missing(t *testing.T) {
	t.Setenv(EnvironmentTable, "")
	t.Setenv("AWS_REGION", "eu-west-1")
	if _, err := NewTable(); err == nil || err.Error() != `runs: RUNS_TABLE is "" and AWS_REGION is "eu-west-1": set both` {
		t.Errorf("got %v", err)
	}
}

// The conditions of put, and the order of query, are the same in both stores.
func TestStores_agree(t *testing.T) {
	stores := map[string]Store{"memory": new(Memory), "table": database(t)}
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			put := func(i item, alive int64) error {
				i.Run, i.Expires = text{"r"}, number{1}
				return store.put(t.Context(), i, alive)
			}
			head := item{Number: number{headNumber}, State: text{running}, Alive: number{100}}
			if err := put(head, 99); err != errOver {
				t.Errorf("got %v for a head that isn't there", err)
			}
			for _, i := range []item{head, {Number: number{300}, Events: binary{[]byte("b")}}, {Number: number{20}, Events: binary{[]byte("a")}}} {
				if err := put(i, 0); err != nil {
					t.Fatal(err)
				}
			}
			if err := put(head, 99); err != errOver {
				t.Errorf("got %v for a lease that isn't over", err)
			}
			over := head
			over.State, over.Last = text{died}, number{300}
			if err := put(over, 100); err != nil {
				t.Error(err)
			}
			if err := put(head, 1000); err != errOver {
				t.Errorf("got %v for a run that is over", err)
			}
			found, err := store.query(t.Context(), "r", 20)
			if err != nil || len(found) != 2 || found[0].Number.N != 300 || string(found[0].Events.B) != "b" || found[1].State.S != died || found[1].Last.N != 300 {
				t.Errorf("got %+v and %v", found, err)
			}
		})
	}
}

// A batch of what compresses worst stays below the 400 KB of an item.
func TestPack_bounds_a_batch(t *testing.T) {
	events := make([][2]string, 40)
	var noise strings.Builder
	for seed, i := uint32(1), 0; i < maxEvent; i++ {
		seed = seed*1664525 + 1013904223
		noise.WriteByte(' ' + byte(seed>>24)%95)
	}
	for i := range events {
		events[i] = [2]string{"", noise.String()[i:] + noise.String()[:i]}
	}
	var all [][2]string
	for len(all) < len(events) {
		packed, n := pack(events[len(all):])
		if len(packed) > 390_000 || n == 0 {
			t.Fatalf("got %d bytes of %d events", len(packed), n)
		}
		some, err := unpack(packed)
		if err != nil || len(some) != n {
			t.Fatalf("got %d events and %v, want %d", len(some), err, n)
		}
		all = append(all, some...)
	}
	if !slices.Equal(all, events) {
		t.Error("got other events")
	}
}
