package code

import (
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// A Layer is a layer of a function, by its construct path.
type Layer struct {
	Path  string
	Bytes int64 // unzipped, or 0 if that isn't known
}

// UnzippedSize returns the size of a directory, or of what is in an archive, in
// bytes, or 0 if that isn't known.
func UnzippedSize(path string) int64 {
	bytes, err := bundle.UnzippedSize(path)
	if err != nil {
		return 0
	}
	return bytes
}

// CheckSize returns an error if a function's own code and its layers are larger than
// Lambda allows.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func CheckSize(own int64, layers []Layer) error {
	var names []string
	var ofLayers int64
	for _, layer := range layers {
		if layer.Bytes > 0 {
			ofLayers += layer.Bytes
			names = append(names, fmt.Sprintf("%s (%s)", layer.Path, bundle.Megabytes(layer.Bytes)))
		}
	}
	if ofLayers == 0 || own+ofLayers <= bundle.MaxSize {
		return nil
	}
	return fmt.Errorf("got code of %s and Layers of %s, together more than Lambda's %s unzipped: make them smaller, or use ImageHandler, whose limit is 10 GB. The layers: %s",
		bundle.Megabytes(own), bundle.Megabytes(ofLayers), bundle.Megabytes(bundle.MaxSize), strings.Join(names, ", "))
}
