package build

import (
	"encoding/json"
	"errors"
	"os"
	"path"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// viewerFunctionProperties are those of AWS::CloudFront::Function.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html
type viewerFunctionProperties struct {
	FunctionCode   string
	FunctionConfig struct {
		KeyValueStoreAssociations []struct{ KeyValueStoreARN string }
		Runtime                   string

		Comment template.NoEffect
	}
	Name string

	AutoPublish, FunctionMetadata, Tags template.NoEffect
}

// viewerFunction returns the CloudFront Function that has the ARN, as the
// distribution runs it, and its construct path.
func (b *builder) viewerFunction(arn string, distribution cloudfront.Config) (*cffunction.Function, string, error) {
	r, p, err := find[viewerFunctionProperties](b, "AWS::CloudFront::Function", "FunctionARN", arn)
	if err != nil {
		return nil, "", err
	}
	config := cffunction.Config{
		Name:                   label(r),
		Runtime:                p.FunctionConfig.Runtime,
		Code:                   p.FunctionCode,
		DistributionID:         distribution.ID,
		DistributionDomainName: distribution.DomainName,
	}
	for _, store := range p.FunctionConfig.KeyValueStoreAssociations {
		if config.KeyValueStore, err = b.keyValueStore(store.KeyValueStoreARN); err != nil {
			return nil, "", fault.At(r.Path, fault.In("FunctionConfig.KeyValueStoreAssociations", err))
		}
	}
	function, err := cffunction.New(config, b.log)
	// AWS deploys such a function, and then fails each of its requests.
	if errors.As(err, new(*cffunction.CompileError)) || errors.As(err, new(*cffunction.Error)) {
		b.foundAt("viewer-function", "can't run, its requests get 503", wrong(r, "FunctionCode", "write it for the runtime "+config.Runtime, "%w", err))
		return cffunction.Failing(err), r.Path, nil
	}
	return function, r.Path, fault.At(r.Path, err)
}

// keyValueStoreProperties are those of AWS::CloudFront::KeyValueStore.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-keyvaluestore.html
type keyValueStoreProperties struct {
	ImportSource *struct{ SourceArn, SourceType string }
	Name         string

	Comment, Tags template.NoEffect
}

// keyValueStore returns the pairs of the store that has the ARN: those of the
// file in Options.KeyValueStores, or else those that it is created with.
func (b *builder) keyValueStore(arn string) (map[string]string, error) {
	r, p, err := find[keyValueStoreProperties](b, "AWS::CloudFront::KeyValueStore", "Arn", arn)
	if err != nil {
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
	// The file is an asset of the stack: arn:aws:s3:::BUCKET/KEY.
	asset, err := r.Asset(path.Base(p.ImportSource.SourceArn))
	if err != nil {
		return nil, fault.At(r.Path, fault.In("ImportSource.SourceArn", err))
	}
	return readPairs(asset.Path)
}

// readPairs reads a file of the form that stores are imported from.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions-create-s3-kvp.html
func readPairs(file string) (map[string]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.At(file, fault.New("pass a readable file with --kvs", "can't be read: %w", err))
	}
	var source struct {
		Data []struct{ Key, Value string } `json:"data"`
	}
	if err := json.Unmarshal(content, &source); err != nil {
		return nil, fault.At(file, fault.New(`write {"data":[{"key":"…","value":"…"}]}`, "isn't a file of key value pairs: %w", err))
	}
	pairs := map[string]string{}
	for _, pair := range source.Data {
		pairs[pair.Key] = pair.Value
	}
	return pairs, nil
}
