package assembly

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Hashes of the assets in testdata.
const (
	hash1 = "c9a7de8c3a0c9f4e1f6a33d7cf6ddc3a8a2c8ab3f16c7ac1e1a5c1f3d2bb9e01"
	hash2 = "0b1f2a3c4d5e6f708192a3b4c5d6e7f8090a1b2c3d4e5f60718293a4b5c6d7e8"
	hash3 = "77aa6ab1f0e0d3c2b5a49687786950413223140506f7e8d9cabbac9d8e7f6051"
)

func TestAsset_is_found_by_key_and_by_hash(t *testing.T) {
	a := open(t, "testdata/app")
	api, err := a.Stack("Api")
	if err != nil {
		t.Fatal(err)
	}
	directory := Asset{Hash: hash1, DisplayName: "Api/Function/Code", Path: filepath.Join(a.Dir, "asset."+hash1), Packaging: PackagingZip}
	file := Asset{Hash: hash2, DisplayName: "Api Template", Path: filepath.Join(a.Dir, "Api.template.json"), Packaging: PackagingFile}
	for key, want := range map[string]Asset{hash1 + ".zip": directory, hash1: directory, hash2 + ".json": file} {
		got, err := api.Asset(key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("asset %s (-want +got):\n%s", key, diff)
		}
	}
}

func TestAsset_belongs_to_its_stack(t *testing.T) {
	edge, err := open(t, "testdata/app").Stack("Edge")
	if err != nil {
		t.Fatal(err)
	}
	_, err = edge.Asset(hash1 + ".zip")
	if err == nil || !strings.Contains(err.Error(), "stack Edge has no file asset") || !strings.Contains(err.Error(), "known: "+hash2+".json") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_missing_on_disk_is_an_error_only_when_asked_for(t *testing.T) {
	api, err := open(t, "testdata/app").Stack("Api")
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.Asset(hash3 + ".zip")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "asset."+hash3) || !strings.Contains(err.Error(), "cdk synth") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_of_a_stack_without_assets_says_so(t *testing.T) {
	s, err := open(t, "testdata/app").Stack("Open")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Asset("x.zip"); err == nil || !strings.Contains(err.Error(), "no file assets") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_refuses(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"a command", `{"source":{"executable":["make","zip"]}}`, `made by the command "make zip"`},
		{"a directory as a file", `{"source":{"path":"."}}`, "is a directory"},
		{"a file as a directory", `{"source":{"path":"t.json","packaging":"zip"}}`, "is no directory"},
		{"an unknown packaging", `{"source":{"path":"t.json","packaging":"tar"}}`, `packaging "tar"; known: file, zip`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{
				"manifest.json": `{"version":"54.0.0","artifacts":{
					"S.assets":{"type":"cdk:asset-manifest","properties":{"file":"a.json"}},
					"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"t.json"},"dependencies":["S.assets"]}}}`,
				"a.json": `{"version":"54.0.0","files":{"abc":` + test.file + `}}`,
				"t.json": `{}`,
			})
			_, err := open(t, dir).Stacks[0].Asset("abc")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Asset = %v, want an error that says %q", err, test.want)
			}
		})
	}
}
