package build

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// bucketDeploymentProperties are those of Custom::CDKBucketDeployment, the
// custom resource of BucketDeployment.
//
// Seen: its handler in aws-cdk-lib 2.270.0.
type bucketDeploymentProperties struct {
	DestinationBucketKeyPrefix string
	DestinationBucketName      string
	Exclude                    []string
	Extract                    *bool
	Include                    []string
	Prune                      *bool
	SourceMarkers              []map[string]string
	SourceMarkersConfig        []map[string]bool
	SourceObjectKeys           []string
	SystemMetadata             map[string]string
	UserMetadata               map[string]string

	DestinationBucketArn            noEffect
	DistributionId                  noEffect
	DistributionPaths               noEffect
	OutputObjectKeys                noEffect
	OutputObjectVersionIds          noEffect
	RetainOnDelete                  noEffect
	ServiceTimeout                  noEffect
	ServiceToken                    noEffect
	SignContent                     noEffect
	SourceBucketNames               noEffect // assets are found by their keys
	WaitForDistributionInvalidation noEffect
}

// bucketLayers returns the content of a bucket: the directory that the person
// at the terminal gave, or what deployments put into it.
func (b *builder) bucketLayers(r *template.Resource, name string) ([]bucket.Layer, error) {
	b.buckets.known[r.LogicalID], b.buckets.known[name] = true, true
	for _, key := range []string{r.LogicalID, name} {
		if dir, ok := b.options.Buckets[key]; ok {
			b.buckets.given[key] = true
			return []bucket.Layer{{Dirs: []string{dir}}}, nil
		}
	}
	deployments, err := b.bucketDeployments(name)
	if err != nil {
		return nil, err
	}
	var layers []bucket.Layer
	for _, deployment := range deployments {
		layer, err := b.bucketLayer(deployment)
		if err != nil {
			return nil, err
		}
		if len(layer.Dirs) > 0 {
			layers = append(layers, layer)
		}
	}
	if len(layers) == 0 {
		b.log.Warn("the bucket "+path(r)+" is served without content",
			"cause", "no BucketDeployment of the assembly puts anything into it", "cure", "give it a directory with --s3 "+r.LogicalID+"=DIR")
	}
	return layers, nil
}

// bucketDeployments returns what deploys into a bucket: what depends on another
// comes after it, else they are in the order of the template's resources.
func (b *builder) bucketDeployments(name string) ([]*template.Resource, error) {
	resources, err := b.deployment.ResourcesOfType("Custom::CDKBucketDeployment")
	if err != nil {
		return nil, err
	}
	var waiting []*template.Resource
	for _, r := range resources {
		destination, err := r.Property("DestinationBucketName")
		if err != nil {
			return nil, err
		}
		if destination == name {
			waiting = append(waiting, r)
		}
	}
	var ordered []*template.Resource
	for len(waiting) > 0 {
		next := max(0, slices.IndexFunc(waiting, func(r *template.Resource) bool {
			return !slices.ContainsFunc(waiting, func(other *template.Resource) bool {
				return other.Stack == r.Stack && slices.Contains(b.dependsOn(r), other.LogicalID)
			})
		}))
		ordered = append(ordered, waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
	return ordered, nil
}

// dependsOn returns the logical ids in DependsOn of a resource.
func (b *builder) dependsOn(r *template.Resource) []string {
	stack, err := b.assembly.Stack(r.Stack)
	if err != nil {
		return nil
	}
	resources, _ := stack.Template["Resources"].(map[string]any)
	resource, _ := resources[r.LogicalID].(map[string]any)
	switch dependencies := resource["DependsOn"].(type) {
	case string:
		return []string{dependencies}
	case []any:
		ids := make([]string, 0, len(dependencies))
		for _, id := range dependencies {
			ids = append(ids, fmt.Sprint(id))
		}
		return ids
	}
	return nil
}

// bucketLayer returns what one deployment puts into its bucket. It has no
// directory if the deployment has no source.
func (b *builder) bucketLayer(r *template.Resource) (bucket.Layer, error) {
	var p bucketDeploymentProperties
	if err := decodeProperties(r, &p, b.log); err != nil {
		return bucket.Layer{}, err
	}
	layer := bucket.Layer{
		Prefix:  strings.TrimSuffix(p.DestinationBucketKeyPrefix, "/"),
		Prune:   p.Prune == nil || *p.Prune,
		Exclude: p.Exclude,
		Include: p.Include,
	}
	header, err := objectHeader(p)
	if err != nil {
		return layer, resourceError(r, "%w", err)
	}
	layer.Header = header
	if p.SourceMarkers != nil && len(p.SourceMarkers) != len(p.SourceObjectKeys) {
		return layer, resourceError(r, "SourceMarkers has %d entries for %d sources: synthesize again", len(p.SourceMarkers), len(p.SourceObjectKeys))
	}
	for i, key := range p.SourceObjectKeys {
		dir, err := b.deploymentSource(r, key, p.Extract == nil || *p.Extract)
		if err != nil {
			return layer, err
		}
		if i < len(p.SourceMarkers) && len(p.SourceMarkers[i]) > 0 {
			escape := i < len(p.SourceMarkersConfig) && p.SourceMarkersConfig[i]["jsonEscape"]
			if dir, err = b.replaceMarkers(dir, p.SourceMarkers[i], escape); err != nil {
				return layer, resourceError(r, "SourceMarkers of %s: %w", key, err)
			}
		}
		layer.Dirs = append(layer.Dirs, dir)
	}
	return layer, nil
}

// deploymentSource returns the directory of a source's files.
func (b *builder) deploymentSource(r *template.Resource, key string, extract bool) (string, error) {
	stack, err := b.assembly.Stack(r.Stack)
	if err != nil {
		return "", err
	}
	asset, err := stack.Asset(key)
	if err != nil {
		return "", resourceError(r, "SourceObjectKeys: %w; or give the bucket a directory with --s3 BUCKET=DIR", err)
	}
	if asset.Packaging == assembly.PackagingZip {
		if !extract {
			return "", resourceError(r, "the local edge does not play Extract: false of a directory: make the source a .zip file")
		}
		return asset.Path, nil
	}
	dir, err := b.buckets.tempDir()
	if err != nil {
		return "", err
	}
	if extract {
		err = unzip(asset.Path, dir)
	} else {
		err = copyFile(asset.Path, filepath.Join(dir, key[strings.LastIndex(key, "/")+1:]))
	}
	if err != nil {
		return "", resourceError(r, "could not unpack %s: %w", asset.Path, err)
	}
	return dir, nil
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	if closing := target.Close(); err == nil {
		err = closing
	}
	return err
}
