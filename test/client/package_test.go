package client

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// A packed is what npm pack says about a package.
type packed struct {
	Name, Version, Filename string
	Files                   []struct{ Path string }
}

// pack packs the client, without a registry, and returns the archive's path.
func pack(t *testing.T) (packed, string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	dir := t.TempDir()
	command := exec.Command("npm", "pack", "--json", "--pack-destination", dir)
	command.Dir, command.Stderr = filepath.Join("..", "..", "client"), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []packed
	if err := json.Unmarshal(output, &all); err != nil || len(all) != 1 {
		t.Fatalf("got %s (%v), want one package", output, err)
	}
	return all[0], filepath.Join(dir, all[0].Filename)
}

// installPackage installs the packed client into a new project, offline, and returns the
// project's directory.
func installPackage(t *testing.T) string {
	t.Helper()
	_, archive := pack(t)
	project := t.TempDir()
	if err := os.WriteFile(filepath.Join(project, "package.json"), []byte(`{"private": true, "type": "module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := localtest.Run(project, nil, "npm", "install", "--offline", "--no-audit", "--no-fund", "--no-update-notifier", archive); err != nil {
		t.Fatal(err)
	}
	return project
}

func TestPackage_has_the_module_and_its_types_only(t *testing.T) {
	p, _ := pack(t)
	var files []string
	for _, file := range p.Files {
		files = append(files, file.Path)
	}
	slices.Sort(files)
	if want := []string{"README.md", "cloudfurl.d.mts", "cloudfurl.mjs", "package.json"}; !slices.Equal(files, want) {
		t.Errorf("%s has %v, want %v", p.Name, files, want)
	}
}
