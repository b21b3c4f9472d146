package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The budget for the deployed zip is 3 MB.
func BenchmarkBootstrap_zip(b *testing.B) {
	for _, architecture := range []string{"arm64", "amd64"} {
		b.Run(architecture, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "bootstrap")
			command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-tags", "lambda.norpc", "-o", path, ".")
			command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+architecture)
			if output, err := command.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, output)
			}
			binary, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			var size int
			for b.Loop() {
				size = zipped(b, binary)
			}
			b.ReportMetric(float64(len(binary))/(1<<20), "MB/binary")
			b.ReportMetric(float64(size)/(1<<20), "MB/zip")
		})
	}
}

func zipped(b *testing.B, binary []byte) int {
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	writer.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	file, err := writer.Create("bootstrap")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := file.Write(binary); err != nil {
		b.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	return archive.Len()
}
