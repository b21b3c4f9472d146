// The handler of the tests: it does what the event asks for.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do   string `json:"do"`
	Text string `json:"text"`
	Size int    `json:"size"`
	MS   int    `json:"ms"`
}

func main() {
	switch os.Getenv("INIT") {
	case "exit":
		fmt.Fprintln(os.Stderr, "no configuration found")
		os.Exit(3)
	case "exit-unless":
		if _, err := os.Stat(os.Getenv("MARK")); err != nil {
			fmt.Fprintln(os.Stderr, "no configuration found")
			os.Exit(3)
		}
	case "hang":
		time.Sleep(time.Hour)
	case "slow":
		time.Sleep(300 * time.Millisecond)
	case "own-port": // an app that listens on a port of its own choice
		if os.Getenv("PORT") != "8080" {
			time.Sleep(time.Hour)
		}
	case "ignore-sigterm":
		lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM(func() { time.Sleep(time.Hour) }))
	case "sigterm":
		lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM(func() {
			fmt.Println("cleaned up")
			os.Exit(0)
		}))
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	switch e.Do {
	case "echo":
		return strings.NewReader(e.Text), nil
	case "inspect":
		return map[string]any{
			"pid": os.Getpid(), "pgid": group(), "environ": os.Environ(), "args": os.Args, "cwd": cwd(),
			"requestId": lc.AwsRequestID, "arn": lc.InvokedFunctionArn, "deadline": deadline.UnixMilli(),
			"trace": ctx.Value("x-amzn-trace-id"),
		}, nil
	case "error":
		return nil, errors.New(e.Text)
	case "panic":
		panic(e.Text)
	case "exit":
		fmt.Println("last words")
		fmt.Fprint(os.Stderr, "and some without an end")
		os.Exit(e.Size)
	case "kill":
		killSelf()
	case "sleep":
		time.Sleep(time.Duration(e.MS) * time.Millisecond)
		return strings.NewReader(strconv.Itoa(os.Getpid())), nil
	case "print":
		fmt.Print(e.Text)
		return strings.NewReader("printed"), nil
	case "big":
		return &zeros{left: e.Size}, nil
	case "orphan", "daemon":
		child := exec.Command("sleep", "60")
		if e.Do == "daemon" {
			// Its parent ends before it, and it has a session of its own.
			child = exec.Command("sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo $! >"+e.Text+".new && mv "+e.Text+".new "+e.Text)
		}
		if err := child.Start(); err != nil {
			return nil, err
		}
		return strings.NewReader(strconv.Itoa(child.Process.Pid)), nil
	case "read":
		content, err := os.ReadFile(e.Text)
		return strings.NewReader(string(content)), err
	case "write":
		return strings.NewReader("written"), os.WriteFile(e.Text, nil, 0o600)
	case "pid":
		return strings.NewReader(strconv.Itoa(os.Getpid())), nil
	case "exit-later":
		go func() {
			waitFor(e.Text)
			os.Exit(5)
		}()
		return strings.NewReader("later"), nil
	case "wait":
		waitFor(e.Text)
		return strings.NewReader("waited"), nil
	case "mark-after":
		// Goes on after the viewer has left, then says so.
		return &script{steps: []step{{text: "first "}, {do: func() { waitFor(e.Text) }, text: "second"},
			{do: func() { os.WriteFile(e.Text+".mark", nil, 0o600) }}}}, nil
	case "gate":
		return &script{steps: []step{{text: "before\n"}, {do: func() { waitFor(e.Text) }, text: "after\n"}}}, nil
	case "stream-error":
		return &script{steps: []step{{text: "begun"}}, end: errors.New("half way")}, nil
	case "error-first":
		return &script{end: errors.New(e.Text)}, nil
	case "stream-exit":
		return &script{steps: []step{{text: "begun"}, {do: func() { waitFor(e.Text); panic("half way") }}}}, nil
	case "stream-hang":
		return &script{steps: []step{{text: "begun"}, {wait: time.Hour}}}, nil
	}
	return nil, fmt.Errorf("the test asks for %q", e.Do)
}

// waitFor returns when there is a file at path.
func waitFor(path string) {
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func cwd() string {
	dir, _ := os.Getwd()
	return dir
}

type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	z.left -= n
	return n, nil
}

type step struct {
	wait time.Duration
	do   func()
	text string
}

// A script is a body that comes step by step.
type script struct {
	steps []step
	end   error
}

func (s *script) ContentType() string { return "application/vnd.awslambda.http-integration-response" }

func (s *script) Read(p []byte) (int, error) {
	if len(s.steps) == 0 {
		if s.end != nil {
			return 0, s.end
		}
		return 0, io.EOF
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	time.Sleep(next.wait)
	if next.do != nil {
		next.do()
	}
	return copy(p, next.text), nil
}
