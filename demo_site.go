package main

import (
	_ "embed"
	"os"
	"path/filepath"
)

// javaScriptClient is what the demo's page sends its requests with.
//
//go:embed client/cloudfurl.mjs
var javaScriptClient []byte

// withClient returns a temporary directory with the files of a site and the
// JavaScript client. It panics with an *infra.Error if they can't be copied.
func withClient(site string) string {
	dir, err := os.MkdirTemp("", "cloudfurl-site-")
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(site))
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "cloudfurl.mjs"), javaScriptClient, 0o644)
	}
	if err != nil {
		os.RemoveAll(dir)
		reject(contextStaticDir, "could not copy %s: %v", site, err)
	}
	return dir
}
