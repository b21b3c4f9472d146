package deployed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// cutRegion splits NAME@REGION.
func cutRegion(text string) (name, region string) {
	name, region, _ = strings.Cut(text, "@")
	return name, region
}

func (r *reader) cloudFormation(region string) *cloudformation.Client {
	return cloudformation.NewFromConfig(r.aws, func(o *cloudformation.Options) { o.Region = region })
}

// readStack reads a stack, unless it has been read, and those that it reads from.
func (r *reader) readStack(name, region string) error {
	if r.known[name+"@"+region] {
		return nil
	}
	client := r.cloudFormation(region)
	described, err := client.DescribeStacks(r.ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return r.noStack(err, name, region)
	}
	live := described.Stacks[0]
	s := &assembly.Stack{ID: *live.StackName, Name: *live.StackName, Region: region, Account: arnField(*live.StackId, 4), Parameters: map[string]string{},
		Identities: map[string]map[string]string{}, Files: map[string]func() (assembly.Asset, error){codeKey: noCode}}
	if r.known[s.Name+"@"+region] { // it was asked for by its ARN
		return nil
	}
	r.known[name+"@"+region], r.known[s.Name+"@"+region] = true, true
	r.partition = arnField(*live.StackId, 1)
	for _, p := range live.Parameters {
		s.Parameters[*p.ParameterKey] = cmp.Or(aws.ToString(p.ResolvedValue), aws.ToString(p.ParameterValue))
	}
	for _, output := range live.Outputs {
		r.publish(aws.ToString(output.OutputValue), "output "+*output.OutputKey+" of stack "+s.Name)
	}
	template, err := client.GetTemplate(r.ctx, &cloudformation.GetTemplateInput{StackName: &name, TemplateStage: types.TemplateStageProcessed})
	if err == nil {
		s.Template, err = templatefile.Decode([]byte(aws.ToString(template.TemplateBody)))
	}
	if err != nil {
		said, _ := problem(err, "cloudformation:GetTemplate", "stack "+name)
		return said
	}
	if slices.ContainsFunc(r.stacks, func(other *assembly.Stack) bool { return other.ID == s.ID }) {
		s.ID += "@" + region
	}
	r.stacks = append(r.stacks, s)
	r.checkStatus(s.ID, live)
	if err := r.readResources(client, s, name); err != nil {
		return err
	}
	r.follow(s, s.Template)
	return r.fatal
}

// noStack says that a stack can't be read, and which there are.
func (r *reader) noStack(err error, name, region string) error {
	said, _ := problem(err, "cloudformation:DescribeStacks", "stack "+name+" in "+region)
	if !strings.Contains(err.Error(), "does not exist") {
		return said
	}
	said = fault.New("check the name, the region and the account", "there is no stack %s in %s", name, region)
	var names []string
	for pages := cloudformation.NewDescribeStacksPaginator(r.cloudFormation(region), new(cloudformation.DescribeStacksInput)); pages.HasMorePages(); {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return said
		}
		for _, s := range page.Stacks {
			names = append(names, *s.StackName)
		}
	}
	const shown = 16
	alike := func(other string) bool {
		a, b := strings.ToLower(name), strings.ToLower(other)
		return strings.Contains(a, b) || strings.Contains(b, a)
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case alike(a) == alike(b):
			return strings.Compare(a, b)
		case alike(a):
			return -1
		}
		return 1
	})
	if len(names) > 0 {
		said.Hint = "use one of " + strings.Join(names[:min(len(names), shown)], ", ") + ", or set another --region"
	}
	return said
}

// readResources reads which resources a stack has.
func (r *reader) readResources(client *cloudformation.Client, s *assembly.Stack, name string) error {
	for pages := cloudformation.NewListStackResourcesPaginator(client, &cloudformation.ListStackResourcesInput{StackName: &name}); pages.HasMorePages(); {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			said, _ := problem(err, "cloudformation:ListStackResources", "stack "+name)
			return said
		}
		for _, row := range page.StackResourceSummaries {
			physical := aws.ToString(row.PhysicalResourceId)
			if physical == "" || row.ResourceStatus == types.ResourceStatusDeleteComplete {
				continue
			}
			found := &resource{stack: s, id: *row.LogicalResourceId, kind: *row.ResourceType, physical: physical}
			r.resources = append(r.resources, found)
			if !strings.Contains(physical, "|") { // identifiers of several parts aren't what Ref returns
				found.identify("Ref", physical)
			}
			switch found.kind {
			case typeVersion:
				r.publish(physical, "stack "+s.Name)
			case "AWS::CloudFormation::Stack":
				r.beside(physical, s.Region, found.path())
			}
		}
	}
	return nil
}

// follow reads the stacks whose outputs and exports a part of a template names.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
func (r *reader) follow(s *assembly.Stack, part any) {
	switch part := part.(type) {
	case []any:
		for _, item := range part {
			r.follow(s, item)
		}
	case map[string]any:
		if output, ok := part["Fn::GetStackOutput"].(map[string]any); ok {
			if name, ok := output["StackName"].(string); ok {
				region, _ := output["Region"].(string)
				r.beside(name, cmp.Or(region, s.Region), s.ID)
			}
		}
		if export, ok := part["Fn::ImportValue"].(string); ok {
			r.exporter(s, export)
		}
		for _, item := range part {
			r.follow(s, item)
		}
	}
}

// exporter reads the stack that exports a value.
func (r *reader) exporter(s *assembly.Stack, export string) {
	for pages := cloudformation.NewListExportsPaginator(r.cloudFormation(s.Region), new(cloudformation.ListExportsInput)); pages.HasMorePages(); {
		page, err := pages.NextPage(r.ctx)
		if r.unread(err, s.ID, "cloudformation:ListExports", "the region "+s.Region) {
			return
		}
		for _, e := range page.Exports {
			if *e.Name == export {
				r.beside(*e.ExportingStackId, s.Region, s.ID)
				return
			}
		}
	}
}

// beside reads a stack that another one needs.
func (r *reader) beside(name, region, path string) {
	if err := r.readStack(name, region); err != nil {
		r.found(build.Finding{Rule: "unchecked", Path: path, Happens: "stack " + name + " in " + region + ", which it needs, isn't checked", Cause: err.Error(), Hint: fault.HintOf(err)})
	}
}

// checkStatus finds that a stack isn't as its last deployment wanted it.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (r *reader) checkStatus(path string, live types.Stack) {
	status := string(live.StackStatus)
	f := build.Finding{Rule: "stack-status", Path: path, Cause: fmt.Sprintf("its status is %s: %s", status, aws.ToString(live.StackStatusReason))}
	f.Cause = strings.TrimSuffix(f.Cause, ": ")
	switch {
	case strings.HasSuffix(status, "_IN_PROGRESS"):
		f.Happens, f.Hint = "is being changed, so the other findings may be out of date", "check again when it has ended"
	case strings.Contains(status, "FAILED"), status == "ROLLBACK_COMPLETE":
		f.Happens, f.Hint = "may be incomplete", "read the stack's events, mend the cause, and deploy again; a stack that was never created has to be deleted first"
	case strings.Contains(status, "ROLLBACK"):
		f.Happens, f.Hint = "has the version before the last deployment, which failed", "read the stack's events, mend the cause, and deploy again"
	default:
		return
	}
	r.found(f)
}
