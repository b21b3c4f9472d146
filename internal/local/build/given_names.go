package build

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// checkNames returns an error for a flag that names nothing that is served.
func (b *builder) checkNames() error {
	return cmp.Or(
		checkNames("--s3", "an origin's bucket", b.options.Buckets, b.buckets.given, b.buckets.known),
		checkNames("--kvs", "a function's key value store", b.options.KeyValueStores, b.stores, b.stores),
		checkNames("--origin", "an origin, function or bucket", b.options.Origins, b.origins, b.origins),
		checkNames("--function", "a function or version that the app imports", b.options.Functions, b.imported, b.imported),
		checkNames("--layer", "a layer of a function", b.options.Layers, b.layers.named, b.layers.named),
	)
}

// checkNames returns an error for the first of the names that a flag gave and that
// nothing in the assembly has used. known are those that it could have used.
func checkNames(flag, kind string, given map[string]string, used, known map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if used[name] {
			continue
		}
		hint := "remove the flag: the assembly has none"
		if len(known) > 0 {
			hint = "use one of " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		}
		return fault.At(flag, fault.New(hint, "%s doesn't name %s", name, kind))
	}
	return nil
}
