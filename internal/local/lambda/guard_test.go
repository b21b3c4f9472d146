package lambda

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// guardedEnvironment makes the test's program start environments and wait to be
// killed.
const guardedEnvironment = "CLOUDFURL_TEST_GUARDED"

// startGuarded prints the process ids of a handler that sleeps and of a child
// that another one left, and never returns.
func startGuarded() {
	code, files, _ := strings.Cut(os.Getenv(guardedEnvironment), ":")
	f, err := New(Config{
		Name: "Guarded", Runtime: "provided.al2023", CodeDir: code, Timeout: time.Minute,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	daemon := fmt.Sprintf(`{"do":"daemon","text":%q}`, filepath.Join(files, "daemon"))
	for _, event := range []string{`{"do":"echo"}`, daemon, `{"do":"orphan"}`, `{"do":"pid"}`} {
		response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{})
		if err != nil {
			panic(err)
		}
		line, _ := bufio.NewReader(response.Body).ReadString('\n')
		fmt.Println(line)
	}
	select {}
}
