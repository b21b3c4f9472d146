package infra_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// archiveOf writes a zip that says that its file has a size, in MB.
func archiveOf(t *testing.T, megabytes uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "layer.zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	if _, err := archive.CreateRaw(&zip.FileHeader{Name: "model.bin", UncompressedSize64: megabytes << 20}); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// defineWithLayers defines a function with layers of these sizes, in MB, and one
// by ARN.
func defineWithLayers(t *testing.T, sizes ...uint64) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	layers := []awslambda.ILayerVersion{
		awslambda.LayerVersion_FromLayerVersionArn(stack, jsii.String("Other"), jsii.String("arn:aws:lambda:eu-west-1:111122223333:layer:other:2")),
	}
	for i, size := range sizes {
		layers = append(layers, awslambda.NewLayerVersion(stack, jsii.String([]string{"Model", "Tools"}[i]), &awslambda.LayerVersionProps{
			Code: awslambda.Code_FromAsset(jsii.String(archiveOf(t, size)), nil),
		}))
	}
	infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler:         infra.PythonHandler("./testdata/python"),
		FunctionOptions: &awslambda.FunctionOptions{Layers: &layers},
	})
}

func TestHandlerFunction_fails_if_code_and_layers_are_too_large_for_Lambda(t *testing.T) {
	defineWithLayers(t, 200, 49)
	message := synthtest.Failure(t, func() { defineWithLayers(t, 200, 50) })
	for _, want := range []string{
		"Consumer/Handler: got code of 0.0 MB and Layers of 250.0 MB, together more than Lambda's 250.0 MB unzipped",
		"ImageHandler", "Consumer/Model (200.0 MB), Consumer/Tools (50.0 MB)",
	} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
}

func TestHandlerFunction_counts_layers_that_are_directories(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "model.bin"), make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	app := newApp()
	app.Node().SetContext(jsii.String("aws:cdk:disable-asset-staging"), true)
	for name, stack := range map[string]awscdk.Stack{"staged": newStack(newApp(), "Consumer", "eu-west-1"), "not staged": newStack(app, "Consumer", "eu-west-1")} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() {
				infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
					Handler: infra.PythonHandler("./testdata/python"),
					FunctionOptions: &awslambda.FunctionOptions{Layers: &[]awslambda.ILayerVersion{
						awslambda.NewLayerVersion(stack, jsii.String("Small"), &awslambda.LayerVersionProps{Code: awslambda.Code_FromAsset(jsii.String(dir), nil)}),
						awslambda.NewLayerVersion(stack, jsii.String("Large"), &awslambda.LayerVersionProps{Code: awslambda.Code_FromAsset(jsii.String(archiveOf(t, 250)), nil)}),
					}},
				})
			})
			if !strings.Contains(message, "Consumer/Small (1.0 MB)") {
				t.Errorf("got %q, want it to count the directory", message)
			}
		})
	}
}
