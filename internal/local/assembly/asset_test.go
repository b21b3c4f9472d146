package assembly

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Hashes of the assets in testdata.
const (
	hash1 = "c9a7de8c3a0c9f4e1f6a33d7cf6ddc3a8a2c8ab3f16c7ac1e1a5c1f3d2bb9e01"
	hash2 = "0b1f2a3c4d5e6f708192a3b4c5d6e7f8090a1b2c3d4e5f60718293a4b5c6d7e8"
	hash3 = "77aa6ab1f0e0d3c2b5a49687786950413223140506f7e8d9cabbac9d8e7f6051"
)

func TestAsset_is_found_by_key_and_by_hash(t *testing.T) {
	a := open(t, "testdata/app")
	api := stackOf(t, a, "Api")
	directory := Asset{Path: filepath.Join(absolute(t, "testdata/app"), "asset."+hash1), Packaging: PackagingZip}
	file := Asset{Path: filepath.Join(absolute(t, "testdata/app"), "Api.template.json"), Packaging: PackagingFile}
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
	edge := stackOf(t, open(t, "testdata/app"), "Edge")
	_, err := edge.Asset(hash1 + ".zip")
	if err == nil || !strings.Contains(err.Error(), "the stack has no file asset") || !strings.Contains(fault.HintOf(err), hash2+".json") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_missing_on_disk_is_an_error_only_when_asked_for(t *testing.T) {
	api := stackOf(t, open(t, "testdata/app"), "Api")
	_, err := api.Asset(hash3 + ".zip")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "asset."+hash3) || !strings.Contains(fault.HintOf(err), "cdk synth") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_of_a_stack_without_assets_says_so(t *testing.T) {
	s := stackOf(t, open(t, "testdata/app"), "Open")
	if _, err := s.Asset("x.zip"); err == nil || !strings.Contains(err.Error(), "no file asset") {
		t.Errorf("Asset = %v", err)
	}
}

func TestAsset_rejects(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"a command", `{"source":{"executable":["make","zip"]}}`, `made by the command "make zip"`},
		{"a directory as a file", `{"source":{"path":"."}}`, "isn't what its packaging says, file"},
		{"a file as a directory", `{"source":{"path":"t.json","packaging":"zip"}}`, "isn't what its packaging says, zip"},
		{"an unknown packaging", `{"source":{"path":".","packaging":"tar"}}`, "isn't what its packaging says, tar"},
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
