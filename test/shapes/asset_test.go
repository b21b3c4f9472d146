package shapes

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAssets_can_be_directories_or_zip_files(t *testing.T) {
	e := serve(t, shape("Asset"))
	for _, stack := range []string{"Asset/Directory", "Asset/Archive"} {
		got := e.get(t, "/you", "Host", e.distribution(t, stack).Hosts[0])
		if got.status != http.StatusOK || !strings.HasSuffix(got.body, " greets /you") {
			t.Errorf("%s: got %d %s, want a greeting", stack, got.status, got.body)
		}
	}
}

func TestAssets_that_were_unpacked_are_removed(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Run("served", func(t *testing.T) {
		e := serve(t, shape("Asset"))
		e.get(t, "/", "Host", e.distribution(t, "Asset/Archive").Hosts[0])
		if left, err := os.ReadDir(temp); err != nil || len(left) == 0 {
			t.Errorf("got %v (%v) while serving, want the unpacked code", left, err)
		}
	})
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("got %v (%v) after the end, want nothing", left, err)
	}
}

func TestAssets_that_cannot_be_served_are_named(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, assembly string)
		want  []string
	}{
		"missing": {func(t *testing.T, assembly string) {
			eachAsset(t, assembly, func(path string) error { return os.RemoveAll(path) })
		}, []string{"asset.", "is missing", "cdk synth"}},
		"not a zip file": {func(t *testing.T, assembly string) {
			eachAsset(t, assembly, func(path string) error {
				if !strings.HasSuffix(path, ".zip") {
					return nil
				}
				return os.WriteFile(path, []byte("not a zip file"), 0o644)
			})
		}, []string{"Asset/Archive/Function, Code.S3Key", "can't be unpacked", ".zip"}},
	} {
		t.Run(name, func(t *testing.T) {
			assembly := changed(t, "Asset", func(map[string]any) {})
			test.spoil(t, assembly)
			openFails(t, assembly, test.want...)
		})
	}
}

// eachAsset calls do for the assets of an assembly's app.
func eachAsset(t *testing.T, assembly string, do func(path string) error) {
	t.Helper()
	assets, err := filepath.Glob(filepath.Join(assembly, "..", "asset.*"))
	if err != nil || len(assets) == 0 {
		t.Fatalf("got assets %v (%v), want some", assets, err)
	}
	for _, asset := range assets {
		if err := do(asset); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFunctions_with_unsupported_properties_are_not_served(t *testing.T) {
	for property, value := range map[string]any{
		"FileSystemConfigs": []any{map[string]any{"Arn": "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-0", "LocalMountPath": "/mnt/data"}},
	} {
		t.Run(property, func(t *testing.T) {
			notServed(t, changed(t, "Stream", each("AWS::Lambda::Function", func(properties map[string]any) {
				properties[property] = value
			})), property+": isn't supported locally")
		})
	}
	t.Run("a container image", func(t *testing.T) {
		notServed(t, changed(t, "Stream", each("AWS::Lambda::Function", func(properties map[string]any) {
			properties["Code"] = map[string]any{"ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1"}
		})), "Code.ImageUri: image 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1 isn't built by this app")
	})
}

// notServed checks that the edge function and the handler of an assembly are
// replaced by 501 and a reason.
func notServed(t *testing.T, assembly, reason string) {
	t.Helper()
	e := serve(t, assembly)
	for host, place := range map[string]string{"": "Stream/Site/Hasher, ", e.functionURL(t).Hosts[0]: "Stream/Site/Function, "} {
		if got := e.get(t, "/", "Host", host); got.status != http.StatusNotImplemented || !strings.Contains(got.body, place+reason) {
			t.Errorf("host %q: got %d %s, want 501 and %q", host, got.status, got.body, place+reason)
		}
	}
	if got := e.advised(t); len(got) != 2 {
		t.Errorf("got %+v, want one line for each function", got)
	}
}
