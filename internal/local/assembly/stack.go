package assembly

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Words that the CDK writes where a stack leaves its environment open.
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

	// Name is the name that CloudFormation knows the stack by. It is unique
	// in an account and region only.
	Name string

	// DisplayName is the path of the stack's construct, as cdk list shows
	// it. Empty if the manifest gives none.
	DisplayName string

	// Account is the id of the account to deploy to. Empty if the stack
	// leaves it open.
	Account string

	// Region is the region to deploy to. Empty if the stack leaves it open.
	Region string

	// DependsOn holds the IDs of the stacks to deploy before this one.
	DependsOn []string

	// Parameters holds the values that a deployment gives to parameters of
	// the template, by name.
	Parameters map[string]string

	// NotificationARNs holds the topics that CloudFormation would tell of
	// the stack's events.
	NotificationARNs []string

	// TemplateFile is the absolute path of the template.
	TemplateFile string

	// Template is the template as it was written. Numbers are json.Number.
	Template map[string]any

	// Nested holds the nested stacks of this one, by the logical id of
	// their AWS::CloudFormation::Stack resource.
	Nested map[string]*Stack

	assets []*assetManifest
}

func readStack(dir, manifestPath, id string, artifact artifact, m *manifest, assets map[string]*assetManifest) (*Stack, error) {
	account, region, err := parseEnvironment(artifact.Environment)
	if err != nil {
		return nil, &Error{Path: manifestPath, Problem: fmt.Sprintf("stack %s: %v", id, err), Cure: cureSynth}
	}
	if artifact.Properties.TemplateFile == "" {
		return nil, &Error{Path: manifestPath, Problem: fmt.Sprintf("stack %s has no templateFile", id), Cure: cureSynth}
	}
	s := &Stack{
		ID:               id,
		Name:             artifact.Properties.StackName,
		DisplayName:      artifact.DisplayName,
		Account:          account,
		Region:           region,
		Parameters:       artifact.Properties.Parameters,
		NotificationARNs: artifact.Properties.NotificationARNs,
		TemplateFile:     filepath.Join(dir, artifact.Properties.TemplateFile),
	}
	if s.Name == "" {
		s.Name = id
	}
	for _, dependency := range artifact.Dependencies {
		if m.Artifacts[dependency].Type == artifactStack {
			s.DependsOn = append(s.DependsOn, dependency)
		}
		if found, ok := assets[dependency]; ok {
			s.assets = append(s.assets, found)
		}
	}
	slices.Sort(s.DependsOn)
	return s, s.readTemplate(dir, 0)
}

// readTemplate reads the template and those of the nested stacks, which stand
// in the same directory.
func (s *Stack) readTemplate(dir string, depth int) error {
	if depth > maxStages {
		return &Error{Path: s.TemplateFile, Problem: fmt.Sprintf("nested stacks stand more than %d deep in each other", maxStages), Cure: cureSynth}
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
			// A TemplateURL that the app did not make itself: nothing to
			// read, and an error only for whoever asks for its outputs.
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
// Metadata names, else, as an app that was not run by the CDK CLI writes no such
// Metadata, the asset whose S3 key ends its TemplateURL. Empty if there is none.
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

// parseEnvironment splits "aws://ACCOUNT/REGION". What is left open comes back
// empty, as does everything of a stack without environment.
func parseEnvironment(environment string) (account, region string, err error) {
	if environment == "" {
		return "", "", nil
	}
	rest, ok := strings.CutPrefix(environment, "aws://")
	account, region, found := strings.Cut(rest, "/")
	if !ok || !found || account == "" || region == "" || strings.Contains(region, "/") {
		return "", "", fmt.Errorf("environment %q is not of the form aws://ACCOUNT/REGION", environment)
	}
	if account == unknownAccount {
		account = ""
	}
	if region == unknownRegion {
		region = ""
	}
	return account, region, nil
}
