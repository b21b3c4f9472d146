package infra

import "testing"

// Explanation is explanation, for tests of what Explain prints.
var Explanation = explanation

// FixedPort is fixedPort, for a table of commands.
var FixedPort = fixedPort

// HashedDirectories returns the patterns of a directory's immutable files.
func HashedDirectories(t *testing.T, dir string) []string {
	t.Helper()
	site, problem := readSiteDirectory(dir)
	if problem != "" {
		t.Fatal(problem)
	}
	return site.hashedDirectories()
}
