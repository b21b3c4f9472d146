package build

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// layerProperties are those of AWS::Lambda::LayerVersion.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html
type layerProperties struct {
	CompatibleArchitectures []string
	CompatibleRuntimes      []string
	Content                 struct {
		S3Bucket        string
		S3Key           string
		S3ObjectVersion template.NoEffect
	}

	Description template.NoEffect
	LayerName   template.NoEffect // it is in Ref
	LicenseInfo template.NoEffect
}

// adapterLayer matches the ARNs of the layer of AWS's Lambda Web Adapter. Its name
// ends with the architecture. Regions in China have accounts of their own.
//
// See: https://aws.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html
var adapterLayer = regexp.MustCompile(`^arn:[a-z-]+:lambda:[a-z0-9-]+:(?:753240598075|041581134020|069767869989):layer:LambdaAdapterLayer(X86|Arm64):\d+$`)

// adapterArchitectures are the architectures in the names of the adapter's layers.
var adapterArchitectures = map[string]string{"X86": "x86_64", "Arm64": "arm64"}

// defaultArchitecture is that of a function without Architectures.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
const defaultArchitecture = "x86_64"

// layers finds the layers of functions.
type layers struct {
	b        *builder
	named    map[string]bool   // ARNs that functions name
	unpacked map[string]string // directories, by ARN
}

// of returns the directories of a function's layers, and whether the stand-in for
// AWS's adapter takes the place of one.
func (l *layers) of(r *template.Resource, p functionProperties) (dirs []string, adapter bool, err error) {
	for _, arn := range p.Layers {
		l.named[arn] = true
	}
	for i, arn := range p.Layers {
		dir, err := l.directory(r, arn, p)
		if err != nil {
			return nil, false, fault.At(r.Path, fault.In(fmt.Sprintf("Layers[%d]", i), err))
		}
		if dir == "" {
			adapter = true
			continue
		}
		dirs = append(dirs, dir)
	}
	return dirs, adapter, nil
}

// directory returns the directory of a layer, or "" for the adapter's.
func (l *layers) directory(r *template.Resource, arn string, p functionProperties) (string, error) {
	if path, ok := l.b.options.Layers[arn]; ok {
		return l.given(arn, path)
	}
	if match := adapterLayer.FindStringSubmatch(arn); match != nil {
		l.adviseLayer(r, p, arn, []string{adapterArchitectures[match[1]]}, nil)
		l.b.log.Info(r.Path + " is served by a stand-in for AWS's Lambda Web Adapter; --layer " + arn + "=PATH runs the real one")
		return "", nil
	}
	defined, properties, err := find[layerProperties](l.b, "AWS::Lambda::LayerVersion", "Ref", arn)
	if defined == nil {
		return "", unsupported("", "pass its content, a directory or zip archive, with --layer "+arn+"=PATH",
			"layer "+arn+" isn't defined in this assembly")
	}
	if err != nil {
		return "", err
	}
	l.adviseLayer(r, p, defined.Path, properties.CompatibleArchitectures, properties.CompatibleRuntimes)
	if dir, ok := l.unpacked[arn]; ok {
		return dir, nil
	}
	asset, err := defined.Asset(properties.Content.S3Key)
	if err != nil {
		return "", fault.At(defined.Path, fault.In("Content.S3Key", err))
	}
	dir := asset.Path
	if asset.Packaging == assembly.PackagingFile {
		if dir, err = l.unpack(asset.Path); err != nil {
			return "", wrong(defined, "Content.S3Key", "run cdk synth again", "%s can't be unpacked: %w", asset.Path, err)
		}
	}
	l.unpacked[arn] = dir
	return dir, nil
}

// given returns the directory of a layer that Options.Layers gives.
func (l *layers) given(arn, path string) (string, error) {
	if dir, ok := l.unpacked[arn]; ok {
		return dir, nil
	}
	flag := "--layer " + arn
	info, err := os.Stat(path)
	if err != nil {
		return "", fault.At(flag, fault.New("pass the path of a directory or zip archive with the layer's content", "there is no %s", path))
	}
	dir, err := filepath.Abs(path)
	if err == nil && !info.IsDir() {
		dir, err = l.unpack(path)
	}
	if err != nil {
		return "", fault.At(flag, fault.New("pass a directory, or fetch the zip archive again", "%s can't be unpacked: %w", path, err))
	}
	l.unpacked[arn] = dir
	return dir, nil
}

func (l *layers) unpack(archive string) (string, error) {
	dir, err := l.b.functions.newDir("layer")
	if err != nil {
		return "", err
	}
	return dir, unzip(archive, dir)
}

// adviseLayer logs that a layer may not work with a function. Lambda doesn't check.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
func (l *layers) adviseLayer(r *template.Resource, p functionProperties, layer string, architectures, runtimes []string) {
	architecture := defaultArchitecture
	if len(p.Architectures) > 0 {
		architecture = p.Architectures[0]
	}
	for _, property := range []struct {
		name, has string
		fits      []string
	}{{"architecture", architecture, architectures}, {"runtime", p.Runtime, runtimes}} {
		if len(property.fits) > 0 && property.has != "" && !slices.Contains(property.fits, property.has) {
			l.b.foundAt("layer", "may not work on AWS with the layer "+layer, wrong(r, "Layers", "use the same "+property.name+" for both",
				"the layer is for the %s %s, and the function has %s", property.name, strings.Join(property.fits, ", "), property.has))
		}
	}
}
