package assembly

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// maxStages bounds how deep stages stand in stages, so that an assembly which
// contains itself is an error.
const maxStages = 32

// An Assembly is everything that one CDK app synthesized.
type Assembly struct {
	// Dir is the absolute path of the assembly's directory.
	Dir string

	// Stacks are the stacks of the app and of all its stages, each after
	// the stacks that it depends on, else by ID. Nested stacks stand in
	// their parents.
	Stacks []*Stack

	// Newer is the version of the first manifest whose schema is newer than
	// those that this package knows. Empty if there is none.
	Newer string
}

// Open reads the cloud assembly in the directory dir with all its manifests and
// templates. Assets are looked at when they are asked for.
func Open(dir string) (*Assembly, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, &Error{Path: dir, Problem: "cannot be made absolute", Err: err}
	}
	a := &Assembly{Dir: absolute}
	err = a.read(absolute, 0)
	if err != nil && a.Newer != "" {
		err = fmt.Errorf("%w (schema %s is newer than what this cloudfurl knows, %d: a newer one may read it)", err, a.Newer, schemaMajor)
	}
	if err != nil {
		return nil, err
	}
	if len(a.Stacks) == 0 {
		return nil, &Error{
			Path:    filepath.Join(absolute, manifestFile),
			Problem: "holds no stack",
			Cure:    "check that the app defines one, and run cdk synth again",
		}
	}
	return a, nil
}

// Stack returns the stack with the given ID, or with the given name if only
// one stack has it. The ID of a nested stack leads to it.
func (a *Assembly) Stack(idOrName string) (*Stack, error) {
	if parent, logicalID, nested := cutLast(idOrName, "/"); nested {
		return a.nested(parent, logicalID)
	}
	var named []*Stack
	known := make([]string, len(a.Stacks))
	for i, s := range a.Stacks {
		if s.ID == idOrName {
			return s, nil
		}
		if s.Name == idOrName {
			named = append(named, s)
		}
		known[i] = s.ID
	}
	if len(named) == 1 {
		return named[0], nil
	}
	problem := fmt.Sprintf("has no stack %q", idOrName)
	if len(named) > 1 {
		problem = fmt.Sprintf("has %d stacks named %q", len(named), idOrName)
	}
	return nil, &Error{Path: a.Dir, Problem: problem, Cure: "known: " + strings.Join(known, ", ")}
}

// nested returns the nested stack that a resource of another stack is.
func (a *Assembly) nested(parentID, logicalID string) (*Stack, error) {
	parent, err := a.Stack(parentID)
	if err != nil {
		return nil, err
	}
	if stack, ok := parent.Nested[logicalID]; ok {
		return stack, nil
	}
	known := strings.Join(slices.Sorted(maps.Keys(parent.Nested)), ", ")
	return nil, &Error{Path: a.Dir, Problem: fmt.Sprintf("stack %q has no nested stack %q", parentID, logicalID), Cure: "known: " + known}
}

func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// read adds the stacks of the assembly in dir and of its stages.
func (a *Assembly) read(dir string, stages int) error {
	if stages > maxStages {
		return &Error{Path: dir, Problem: fmt.Sprintf("stages stand more than %d deep in each other", maxStages), Cure: cureSynth}
	}
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	if major, err := m.major(); err == nil && major > schemaMajor && a.Newer == "" {
		a.Newer = m.Version
	}
	path := filepath.Join(dir, manifestFile)
	assets, err := readAssetManifests(dir, path, m)
	if err != nil {
		return err
	}
	for _, id := range m.order() {
		artifact := m.Artifacts[id]
		switch artifact.Type {
		case artifactStack:
			s, err := readStack(dir, path, id, artifact, m, assets)
			if err != nil {
				return err
			}
			a.Stacks = append(a.Stacks, s)
		case artifactAssembly:
			if artifact.Properties.DirectoryName == "" {
				return &Error{Path: path, Problem: fmt.Sprintf("stage %s has no directoryName", id), Cure: cureSynth}
			}
			if err := a.read(filepath.Join(dir, artifact.Properties.DirectoryName), stages+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func readAssetManifests(dir, path string, m *manifest) (map[string]*assetManifest, error) {
	found := make(map[string]*assetManifest)
	for id, artifact := range m.Artifacts {
		if artifact.Type != artifactAssets {
			continue
		}
		if artifact.Properties.File == "" {
			return nil, &Error{Path: path, Problem: fmt.Sprintf("asset manifest %s names no file", id), Cure: cureSynth}
		}
		assets := &assetManifest{path: filepath.Join(dir, artifact.Properties.File)}
		if err := readJSON(assets.path, assets); err != nil {
			return nil, err
		}
		found[id] = assets
	}
	return found, nil
}

// order returns the ids of the artifacts, each after those that it depends
// on, else by id. Ids that a manifest names but does not hold are left out: an
// artifact may depend on one of the assembly around its own. A cycle of
// dependencies is broken at its first id.
func (m *manifest) order() []string {
	var sorted []string
	seen := make(map[string]bool)
	var visit func(id string)
	visit = func(id string) {
		artifact, ok := m.Artifacts[id]
		if !ok || seen[id] {
			return
		}
		seen[id] = true
		for _, dependency := range slices.Sorted(slices.Values(artifact.Dependencies)) {
			visit(dependency)
		}
		sorted = append(sorted, id)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		visit(id)
	}
	return sorted
}
