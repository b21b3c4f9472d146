package build

import (
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
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

	DestinationBucketArn, DistributionId, DistributionPaths, OutputObjectKeys, OutputObjectVersionIds, RetainOnDelete, ServiceTimeout, ServiceToken,
	SignContent template.NoEffect
	SourceBucketNames               template.NoEffect // assets are found by their keys
	WaitForDistributionInvalidation template.NoEffect
}

// bucketLayers returns the content of a bucket: the directory in
// Options.Buckets, or what deployments put into it.
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
	if len(layers) == 0 && !b.functions.know(name) {
		fault.Log(b.log, slog.LevelWarn, "the bucket "+r.Path+" is served without content",
			"no BucketDeployment of the assembly has it as its destination", "serve it from a directory, with --s3 "+r.LogicalID+"=DIR")
	}
	return layers, nil
}

// bucketDeployments returns the deployments into a bucket, each after those that
// it depends on, else in the order of their logical ids.
func (b *builder) bucketDeployments(name string) ([]*template.Resource, error) {
	resources, err := b.deployment.ResourcesOfType("Custom::CDKBucketDeployment")
	if err != nil {
		return nil, err
	}
	var waiting []*template.Resource
	for _, r := range resources {
		destination, err := r.Text("DestinationBucketName")
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
				return other.Stack == r.Stack && slices.Contains(r.DependsOn, other.LogicalID)
			})
		}))
		ordered = append(ordered, waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
	return ordered, nil
}

// bucketLayer returns what one deployment puts into its bucket. It has no
// directory if the deployment has no source.
func (b *builder) bucketLayer(r *template.Resource) (bucket.Layer, error) {
	var p bucketDeploymentProperties
	if err := r.Decode(&p, b.log); err != nil {
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
		return layer, fault.At(r.Path, err)
	}
	layer.Header = header
	if p.SourceMarkers != nil && len(p.SourceMarkers) != len(p.SourceObjectKeys) {
		return layer, wrong(r, "SourceMarkers", "run cdk synth again", "has %d entries for %d sources", len(p.SourceMarkers), len(p.SourceObjectKeys))
	}
	for i, key := range p.SourceObjectKeys {
		dir, err := b.deploymentSource(r, key, p.Extract == nil || *p.Extract)
		if err != nil {
			return layer, fault.At(r.Path, fault.In(fmt.Sprintf("SourceObjectKeys[%d]", i), err))
		}
		if i < len(p.SourceMarkers) && len(p.SourceMarkers[i]) > 0 {
			escape := i < len(p.SourceMarkersConfig) && p.SourceMarkersConfig[i]["jsonEscape"]
			if dir, err = b.replaceMarkers(dir, p.SourceMarkers[i], escape); err != nil {
				return layer, wrong(r, fmt.Sprintf("SourceMarkers[%d]", i), "", "can't be replaced in %s: %w", dir, err)
			}
		}
		layer.Dirs = append(layer.Dirs, dir)
	}
	return layer, nil
}

// deploymentSource returns the directory of a source's files.
func (b *builder) deploymentSource(r *template.Resource, key string, extract bool) (string, error) {
	asset, err := r.Asset(key)
	if err != nil {
		return "", err
	}
	if asset.Packaging == assembly.PackagingZip {
		if !extract {
			return "", wrong(r, "Extract", "make the source a .zip file, or serve the bucket from a directory, with --s3 BUCKET=DIR",
				"false isn't supported locally for a directory")
		}
		return asset.Path, nil
	}
	dir, err := b.functions.newDir("bucket")
	if err != nil {
		return "", err
	}
	if extract {
		err = unzip(asset.Path, dir)
	} else {
		var content []byte
		if content, err = os.ReadFile(asset.Path); err == nil {
			err = os.WriteFile(filepath.Join(dir, path.Base(key)), content, 0o644)
		}
	}
	if err != nil {
		return "", fault.New("run cdk synth again", "%s can't be unpacked: %w", asset.Path, err)
	}
	return dir, nil
}
