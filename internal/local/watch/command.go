package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// stopGrace is the time between SIGINT, on which the go command removes its
// temporary files, and SIGKILL.
const stopGrace = time.Second

// runShell runs a command line in the shell, in its own group, with
// exactly the variables given. It returns what the command wrote to stdout and
// stderr. When it returns, the whole group has ended. The log says what it does if that
// takes long.
func runShell(ctx context.Context, line, dir string, variables []string, log *slog.Logger) (string, error) {
	output := &progress{log: log}
	words := guard.Shell(line)
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Dir, command.Env = dir, variables
	command.Stdout, command.Stderr = output, output
	group := guard.NewGroup(command)
	command.Cancel = func() error { return group.Signal(syscall.SIGINT) }
	command.WaitDelay = stopGrace
	err := group.Start()
	if err == nil {
		telling, done := context.WithCancel(ctx)
		output.group = command.Process.Pid
		var told sync.WaitGroup
		told.Go(func() { output.tell(telling) })
		err = command.Wait()
		done()
		told.Wait()
		// The group outlives its leader if that left children behind.
		group.End()
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		// It succeeded, but a child held its output open.
		err = nil
	}
	return strings.TrimSpace(output.output.String()), err
}

const (
	// silence is how long a command may run before the log says what it does, and
	// progressEvery how often it says so from then on.
	silence       = 2 * time.Second
	progressEvery = 10 * time.Second
)

// A progress has the output of a command, and says what its processes do.
type progress struct {
	log   *slog.Logger
	group int

	mu     sync.Mutex
	output bytes.Buffer
}

func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(text)
}

// tell logs what the command does, until ctx ends.
func (p *progress) tell(ctx context.Context) {
	began := time.Now()
	for wait := silence; ; wait = progressEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		p.log.Info(fmt.Sprintf("%s so far: %s", time.Since(began).Round(time.Second), p.doing()))
	}
}

// activities are what takes long, what says most first. ps has a command in each line.
var activities = []struct {
	command *regexp.Regexp
	says    string
}{
	{regexp.MustCompile(`/compile .*-p (github\.com/aws/aws-cdk-go/\S+)`), "compiling the CDK, which takes a minute or two the first time, now $1"},
	{regexp.MustCompile(`/compile .*-p (\S+)`), "compiling, now $1"},
	{regexp.MustCompile(`/link -o`), "linking"},
	{regexp.MustCompile(`\b(npm|pip|uv|docker|podman|finch)(?:-cli\.js)? (\w+)`), "running $1 $2"},
}

// downloading is how the go command says that it gets a module.
var downloading = regexp.MustCompile(`(?m)^go: (downloading \S+)`)

// doing returns what the processes of the command do. Without ps, only what the go
// command downloads is known.
func (p *progress) doing() string {
	table, _ := exec.Command("ps", "-A", "-o", "pgid=", "-o", "args=").Output()
	var commands strings.Builder
	for line := range strings.Lines(string(table)) {
		if of, command, _ := strings.Cut(strings.TrimSpace(line), " "); of == strconv.Itoa(p.group) {
			commands.WriteString(command + "\n")
		}
	}
	for _, activity := range activities {
		if found := activity.command.FindStringSubmatchIndex(commands.String()); found != nil {
			return string(activity.command.ExpandString(nil, activity.says, commands.String(), found))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if all := downloading.FindAllSubmatch(p.output.Bytes(), -1); all != nil {
		return string(all[len(all)-1][1])
	}
	return "the app runs"
}
