package localtest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// Database runs a DynamoDB until the test ends, with a table of two keys, such as
// "book:S", and returns its address. The working directory is two below the repository.
func Database(t *testing.T, table, partition, sort string) string {
	t.Helper()
	DependOnInputs()
	dir := filepath.Join("..", "..", "examples", "database")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "dynalite")); err != nil {
		t.Skip("SKIPPED: there is no dynalite; make database installs it")
	}
	command := exec.Command("node", filepath.Join(dir, "database.mjs"), "0", table, partition, sort)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address := regexp.MustCompile(`http://\S+`).FindString(line)
	if err != nil || address == "" {
		t.Fatalf("got %q and %v, want an address", line, err)
	}
	return address
}
