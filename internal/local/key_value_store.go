package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// keyValueStoreProperties are those of AWS::CloudFront::KeyValueStore.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-keyvaluestore.html
type keyValueStoreProperties struct {
	ImportSource *struct{ SourceArn, SourceType string }
	Name         string

	Comment noEffect
	Tags    noEffect
}

// keyValueStore returns the pairs of the store that has the ARN: those of the
// file in Options.KeyValueStores, or else those that it is created with.
func (b *builder) keyValueStore(arn string) (map[string]string, error) {
	r, err := b.deployment.Lookup("AWS::CloudFront::KeyValueStore", "Arn", arn)
	if err != nil {
		return nil, fmt.Errorf("KeyValueStoreAssociations: %w", err)
	}
	var p keyValueStoreProperties
	if err := decodeProperties(r, &p, b.log); err != nil {
		return nil, err
	}
	for _, name := range []string{r.LogicalID, p.Name} {
		b.stores[name] = true
		if file, ok := b.options.KeyValueStores[name]; ok {
			return readPairs(file)
		}
	}
	if p.ImportSource == nil {
		return map[string]string{}, nil
	}
	file, err := b.importSource(r, p.ImportSource.SourceArn)
	if err != nil {
		return nil, resourceError(r, "ImportSource: %w", err)
	}
	return readPairs(file)
}

// importSource returns the file that a store is created with, which is an
// asset of the stack.
func (b *builder) importSource(r *template.Resource, arn string) (string, error) {
	stack, err := b.assembly.Stack(r.Stack)
	if err != nil {
		return "", err
	}
	asset, err := stack.Asset(arn[strings.LastIndex(arn, "/")+1:])
	return asset.Path, err
}

// readPairs reads a file of the form that stores are imported from.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions-create-s3-kvp.html
func readPairs(file string) (map[string]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var source struct {
		Data []struct{ Key, Value string } `json:"data"`
	}
	if err := json.Unmarshal(content, &source); err != nil {
		return nil, fmt.Errorf(`%s: %w; give {"data":[{"key":"…","value":"…"}]}`, file, err)
	}
	pairs := map[string]string{}
	for _, pair := range source.Data {
		pairs[pair.Key] = pair.Value
	}
	return pairs, nil
}

// checkKeyValueStores returns an error for names in Options.KeyValueStores that
// no function has.
func (b *builder) checkKeyValueStores() error {
	for _, name := range slices.Sorted(maps.Keys(b.options.KeyValueStores)) {
		if !b.stores[name] {
			return fmt.Errorf("no function of a behavior has a key value store with the logical id or name %s; known: %s",
				name, strings.Join(slices.Sorted(maps.Keys(b.stores)), ", "))
		}
	}
	return nil
}
