package main

import (
	"os"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// ownTempDir makes the process put its temporary files into one new directory,
// and returns that. Removing it leaves nothing behind, even if the process ends
// while it unpacks something. If the process is killed, its guard removes it.
func ownTempDir() (string, error) {
	temp, err := os.MkdirTemp("", "cloudfurl-run-")
	if err != nil {
		return "", err
	}
	guard.While("directory", "temp", temp)
	return temp, os.Setenv(guard.TempVariable, temp)
}
