package streamhttp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

const wireTimeout = 20 * time.Second

// A runtimeAPI emulates Lambda's Runtime API for one bootstrap. It sends one event
// at a time and passes each reply to the test while it arrives.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	server  *httptest.Server
	events  chan []byte
	replies chan *reply
	asked   chan time.Time // when the bootstrap asked for its next event
	sent    int
}

// A reply is what the bootstrap posts for one event. The test must close it.
type reply struct {
	kind    string // "response" or "error"
	request *http.Request
	body    *bufio.Reader
	done    chan struct{}
}

func (r *reply) close() { close(r.done) }

// prelude reads the reply up to its body.
func (r *reply) prelude(t testing.TB) (p struct {
	StatusCode int
	Headers    map[string]string
	Cookies    []string
}) {
	t.Helper()
	var head []byte
	for !bytes.HasSuffix(head, make([]byte, 8)) {
		b, err := r.body.ReadByte()
		if err != nil {
			t.Fatalf("the prelude ends after %q: %v", head, err)
		}
		head = append(head, b)
	}
	if err := json.Unmarshal(head[:len(head)-8], &p); err != nil {
		t.Fatalf("the prelude %q is not JSON: %v", head, err)
	}
	return p
}

func (r *reply) rest(t testing.TB) string {
	t.Helper()
	b, err := io.ReadAll(r.body)
	if err != nil {
		t.Fatalf("the reply breaks off after %d bytes: %v", len(b), err)
	}
	return string(b)
}

func newRuntimeAPI(t testing.TB) *runtimeAPI {
	api := &runtimeAPI{events: make(chan []byte), replies: make(chan *reply), asked: make(chan time.Time, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", api.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{kind}", api.receive)
	api.server = httptest.NewServer(mux)
	t.Cleanup(api.server.Close)
	return api
}

func (api *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	select {
	case api.asked <- time.Now():
	default:
	}
	select {
	case event := <-api.events:
		api.sent++
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("request-%d", api.sent))
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(wireTimeout).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-west-2:111122223333:function:wire")
		w.Write(event)
	case <-r.Context().Done():
	}
}

func (api *runtimeAPI) receive(w http.ResponseWriter, r *http.Request) {
	reply := &reply{r.PathValue("kind"), r, bufio.NewReader(r.Body), make(chan struct{})}
	select {
	case api.replies <- reply:
		<-reply.done
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusAccepted)
}

// invoke sends an event to the bootstrap and returns its reply at the first byte.
func (api *runtimeAPI) invoke(t testing.TB, event *events.LambdaFunctionURLRequest) *reply {
	t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	timeout := time.After(wireTimeout)
	select {
	case api.events <- payload:
	case <-timeout:
		t.Fatal("the bootstrap doesn't ask for an event")
	}
	select {
	case reply := <-api.replies:
		return reply
	case <-timeout:
		t.Fatal("the bootstrap doesn't reply")
	}
	return nil
}

// binaries holds the executables that build has compiled, by directory. TestMain
// removes them.
var binaries struct {
	sync.Mutex
	dir  string
	path map[string]string
}

// build compiles the package in dir once, with the build tag of deployments.
func build(t testing.TB, dir string) string {
	t.Helper()
	binaries.Lock()
	defer binaries.Unlock()
	if path, ok := binaries.path[dir]; ok {
		return path
	}
	path := filepath.Join(binaries.dir, filepath.Base(dir))
	command := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", path, dir)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", dir, err, output)
	}
	binaries.path[dir] = path
	return path
}

// start runs a bootstrap against api until the test ends, and returns its stderr.
func start(t testing.TB, path string, api *runtimeAPI) *syncBuffer {
	t.Helper()
	log := new(syncBuffer)
	command := exec.Command(path)
	command.Env = lambdaEnvironment(api)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		if err := command.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Error(err)
		}
	})
	return log
}

func lambdaEnvironment(api *runtimeAPI) []string {
	return append(os.Environ(), "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(api.server.URL, "http://"))
}

// waitFor waits until log contains want.
func waitFor(t testing.TB, log *syncBuffer, want string) {
	t.Helper()
	for deadline := time.Now().Add(wireTimeout); !strings.Contains(log.String(), want); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log lacks %q:\n%s", want, log)
		}
	}
}
