package assembly

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// images is the asset manifest of a stack with images, as the CDK writes it.
const images = `{"version": "54.0.0", "dockerImages": {
  "aa": {"source": {"directory": "asset.aa", "dockerFile": "deploy/Dockerfile", "dockerBuildTarget": "final", "dockerBuildArgs": {"A": "1"},
      "dockerBuildSecrets": {"npm": "type=file,src=.npmrc"}, "platform": "linux/arm64", "networkMode": "host"},
    "destinations": {"here": {"repositoryName": "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}", "imageTag": "aa"}}},
  "bb": {"source": {"directory": "asset.aa"}, "destinations": {"here": {"repositoryName": "mine", "imageTag": "latest"}}},
  "cc": {"source": {"executable": ["sh", "make-image"]}, "destinations": {"here": {"repositoryName": "mine", "imageTag": "cc"}}},
  "dd": {"source": {"directory": "asset.dd"}, "destinations": {"here": {"repositoryName": "mine", "imageTag": "dd"}}}
}}`

func TestImage_is_found_by_its_URI(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "asset.aa"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"manifest.json": `{"version": "54.0.0", "artifacts": {
			"Api": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "dependencies": ["Api.assets"], "properties": {"templateFile": "Api.template.json"}},
			"Api.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Api.assets.json"}}}}`,
		"Api.template.json": `{"Resources": {}}`, "Api.assets.json": images,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	api := stackOf(t, open(t, dir), "Api")
	const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/"
	directory := filepath.Join(dir, "asset.aa")
	for uri, want := range map[string]*Image{
		"cdk-hnb659fds-container-assets-111122223333-eu-west-1:aa": {
			Directory: directory, Dockerfile: filepath.Join(directory, "deploy/Dockerfile"), Target: "final", BuildArgs: map[string]string{"A": "1"}},
		"mine:latest":        {Directory: directory, Dockerfile: filepath.Join(directory, "Dockerfile")},
		"mine:other":         nil,
		"theirs:latest":      nil,
		"mine@sha256:012345": nil,
		"cdk-other:aa":       nil,
	} {
		got, err := api.Image(registry + uri)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: got the error %v and (-want +got):\n%s", uri, err, diff)
		}
	}
	for tag, want := range map[string]string{"cc": `its image is made by the command "sh make-image"`, "dd": "asset.dd of its image is missing"} {
		if _, err := api.Image(registry + "mine:" + tag); err == nil || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v, want %q and a hint", tag, err, want)
		}
	}
}
