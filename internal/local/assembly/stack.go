package assembly

import (
	"bytes"
	"cmp"
	"encoding/json"
	"path/filepath"
	"strings"
)

// Placeholders that the CDK writes for stacks without account or region.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api-readme.html
const (
	unknownAccount = "unknown-account"
	unknownRegion  = "unknown-region"
)

const typeNestedStack = "AWS::CloudFormation::Stack"

// metadataAssetPath is the key under which the CDK writes, into a nested
// stack's Metadata, the file of its template.
//
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cx_api-readme.html
const metadataAssetPath = "aws:asset:path"

// A Stack is one CloudFormation stack of an assembly.
type Stack struct {
	// ID is the id of the stack's artifact, unique within its assembly
	// directory: for the stack Api in the stage Prod usually ProdApi1234ABCD. A
	// nested stack has the ID of its parent, a slash and its logical id.
	ID string

	// Name is the name in CloudFormation, unique in an account and region.
	Name string

	// Account is the id of the account to deploy to. Empty if the
	// stack has none.
	Account string

	// Region is the region to deploy to. Empty if the stack has none.
	Region string

	// Parameters holds the values that a deployment gives to parameters of
	// the template, by name.
	Parameters map[string]string

	// NotificationARNs holds the topics that CloudFormation sends the stack's
	// events to.
	NotificationARNs []string

	// TemplateFile is the absolute path of the template.
	TemplateFile string

	// Template is the decoded template. Numbers are json.Number.
	Template map[string]any

	// Nested holds the nested stacks of this one, by the logical id of
	// their AWS::CloudFormation::Stack resource.
	Nested map[string]*Stack

	// Files returns further file assets by their S3 keys, and Images further images
	// by their URIs: those of a template that no CDK app synthesized. They may be nil.
	Files  map[string]func() (Asset, error)
	Images map[string]*Image

	// Identities holds what Ref and Fn::GetAtt return for resources that are deployed,
	// by logical id and attribute, "Ref" for Ref. It may be nil.
	Identities map[string]map[string]string

	assets []*assetManifest
}

func readStack(dir, id string, artifact artifact, assets map[string]*assetManifest) (*Stack, error) {
	account, region := parseEnvironment(artifact.Environment)
	s := &Stack{
		ID:               id,
		Name:             artifact.Properties.StackName,
		Account:          account,
		Region:           region,
		Parameters:       artifact.Properties.Parameters,
		NotificationARNs: artifact.Properties.NotificationARNs,
		TemplateFile:     filepath.Join(dir, artifact.Properties.TemplateFile),
	}
	s.Name = cmp.Or(s.Name, id)
	for _, dependency := range artifact.Dependencies {
		if found, ok := assets[dependency]; ok {
			s.assets = append(s.assets, found)
		}
	}
	return s, s.readTemplate(dir, 0)
}

// readTemplate reads the template and those of the nested stacks, which are in
// the same directory.
func (s *Stack) readTemplate(dir string, depth int) error {
	if depth > maxNesting {
		return broken(s.TemplateFile, hintSynth, "stacks are nested more than %d deep", maxNesting)
	}
	if err := readJSON(s.TemplateFile, &s.Template); err != nil {
		return err
	}
	resources, _ := s.Template["Resources"].(map[string]any)
	for id, raw := range resources {
		resource, _ := raw.(map[string]any)
		if resource["Type"] != typeNestedStack {
			continue
		}
		file := s.nestedTemplate(dir, resource)
		if file == "" {
			// A TemplateURL from outside the app: an error only if its
			// outputs are asked for.
			continue
		}
		nested := &Stack{
			ID: s.ID + "/" + id, Name: s.Name + "-" + id,
			Account: s.Account, Region: s.Region,
			TemplateFile: file, assets: s.assets,
		}
		if err := nested.readTemplate(dir, depth+1); err != nil {
			return err
		}
		if s.Nested == nil {
			s.Nested = make(map[string]*Stack)
		}
		s.Nested[id] = nested
	}
	return nil
}

// nestedTemplate returns the template file of a nested stack: the one that its
// Metadata names, else the asset whose S3 key ends its TemplateURL, because apps
// that aren't run by the CDK CLI have no such Metadata. It returns "" for a
// template that the app didn't synthesize.
func (s *Stack) nestedTemplate(dir string, resource map[string]any) string {
	metadata, _ := resource["Metadata"].(map[string]any)
	if file, ok := metadata[metadataAssetPath].(string); ok {
		return filepath.Join(dir, file)
	}
	properties, _ := resource["Properties"].(map[string]any)
	url, err := json.Marshal(properties["TemplateURL"])
	if err != nil {
		return ""
	}
	for _, m := range s.assets {
		for _, file := range m.Files {
			for _, destination := range file.Destinations {
				if destination.ObjectKey != "" && bytes.Contains(url, []byte("/"+destination.ObjectKey+`"`)) {
					return filepath.Join(filepath.Dir(m.path), file.Source.Path)
				}
			}
		}
	}
	return ""
}

// parseEnvironment splits "aws://ACCOUNT/REGION". What the stack doesn't have is
// empty.
func parseEnvironment(text string) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(text, "aws://"), "/")
	return strings.TrimPrefix(account, unknownAccount), strings.TrimPrefix(region, unknownRegion)
}
