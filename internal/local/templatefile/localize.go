package templatefile

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// localPaths are the properties that may hold a path of this machine, by type.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
var localPaths = map[string]string{
	"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri",
	"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content",
	"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL",
	"AWS::Serverless::Api": "DefinitionUri", "AWS::Serverless::HttpApi": "DefinitionUri",
	"AWS::Serverless::StateMachine": "DefinitionUri", "AWS::Serverless::GraphQLApi": "SchemaUri",
}

// The places that AWS's tools would upload to.
const (
	uploads  = "cloudfurl-uploads"
	registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com/"
)

// A localizer makes assets of a stack of what its template names by paths.
type localizer struct {
	*reader

	stack   *assembly.Stack
	dir     string         // that of the template
	globals map[string]any // properties of all of SAM's functions
	depth   int
}

// localize puts the address of an asset in the place of a path.
func (l *localizer) localize(id string, resource map[string]any) error {
	kind, _ := resource["Type"].(string)
	property, ok := localPaths[kind]
	if !ok {
		return nil
	}
	properties, _ := resource["Properties"].(map[string]any)
	if properties == nil {
		properties = map[string]any{}
		resource["Properties"] = properties
	}
	value := func(name string) string {
		own, ok := properties[name]
		if !ok && kind == "AWS::Serverless::Function" {
			own = l.globals[name]
		}
		return l.text(own)
	}
	metadata, _ := resource["Metadata"].(map[string]any)
	if uri := l.image(id, metadata); value("PackageType") == "Image" && uri != "" {
		properties["ImageUri"] = uri
		if kind == "AWS::Lambda::Function" {
			delete(properties, "ImageUri")
			properties["Code"] = map[string]any{"ImageUri": uri}
		}
		return nil
	}
	path := value(property)
	if path == "" || strings.Contains(path, "://") {
		return nil
	}
	path = l.path(path)
	l.paths = append(l.paths, path)
	address := "s3://" + uploads + "/" + id
	switch property {
	case "Code", "Content":
		properties[property] = map[string]any{"S3Bucket": uploads, "S3Key": id}
	case "Location", "TemplateURL":
		properties[property] = "https://s3.amazonaws.com/" + uploads + "/" + id
		nested := &assembly.Stack{ID: l.stack.ID + "/" + id, Name: l.stack.Name + "-" + id, Region: l.stack.Region}
		l.stack.Nested[id] = nested
		return l.read(nested, path, l.depth+1)
	default:
		properties[property] = address
	}
	c := code{id: id, path: path, template: l.stack.TemplateFile, layer: strings.HasSuffix(kind, "LayerVersion"), temp: l.Temp, log: l.Log, asIs: l.AsIs}
	c.runtime, c.method = value("Runtime"), l.text(metadata["BuildMethod"])
	l.stack.Files[id] = sync.OnceValues(c.open)
	return nil
}

// text returns a string of the template, or the value of the parameter that it refers
// to; "" for others.
func (l *localizer) text(value any) string {
	if reference, ok := value.(map[string]any); ok {
		name := fmt.Sprint(reference["Ref"])
		declared, _ := l.stack.Template["Parameters"].(map[string]any)
		parameter, _ := declared[name].(map[string]any)
		value = parameter["Default"]
		if given := l.parameter(l.stack.Name, name); given != "" {
			value = given
		}
	}
	text, _ := value.(string)
	return text
}

func (l *localizer) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.dir, path)
}

// image returns the URI of the image that Metadata describes, "" if it describes none.
//
// See: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-resource-function-metadata
func (l *localizer) image(id string, metadata map[string]any) string {
	context, ok := metadata["DockerContext"].(string)
	if !ok {
		return ""
	}
	directory := l.path(context)
	l.paths = append(l.paths, directory)
	file, _ := metadata["Dockerfile"].(string)
	target, _ := metadata["DockerBuildTarget"].(string)
	arguments := map[string]string{}
	given, _ := metadata["DockerBuildArgs"].(map[string]any)
	for name, value := range given {
		arguments[name] = fmt.Sprint(value)
	}
	uri := registry + id + ":local"
	l.stack.Images[uri] = &assembly.Image{
		Directory: directory, Dockerfile: filepath.Join(directory, cmp.Or(file, "Dockerfile")), Target: target, BuildArgs: arguments,
	}
	return uri
}
