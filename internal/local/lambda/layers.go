package lambda

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// maxLayers is how many layers a function may have.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxLayers = 5

// checkLayers returns the absolute paths of the directories of layers.
func checkLayers(layers []string) ([]string, error) {
	if len(layers) > maxLayers {
		return nil, fault.New("merge some of them", "there are %d layers, and Lambda allows %d", len(layers), maxLayers)
	}
	var absolute []string
	for i, layer := range layers {
		dir, err := filepath.Abs(layer)
		if err != nil {
			return nil, fault.In(fmt.Sprintf("[%d]", i), err)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fault.In(fmt.Sprintf("[%d]", i), fault.New("synthesize again, or unpack the layer there", "%s isn't a directory", dir))
		}
		absolute = append(absolute, dir)
	}
	return absolute, nil
}
