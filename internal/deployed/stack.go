package deployed

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// readStack reads a stack, unless it has been read, and those that it needs.
func (r *reader) readStack(name, region string) error {
	if r.known[name+"@"+region] {
		return nil
	}
	r.known[name+"@"+region] = true
	client := cloudformation.NewFromConfig(r.aws, func(o *cloudformation.Options) { o.Region = region })
	action := "cloudformation:DescribeStacks"
	described, err := client.DescribeStacks(r.ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil && strings.Contains(err.Error(), "does not exist") || err == nil && len(described.Stacks) == 0 {
		return r.noStack(client, name, region)
	}
	if err == nil && aws.ToString(described.Stacks[0].StackName) != name { // it was named by its ARN
		return r.readStack(aws.ToString(described.Stacks[0].StackName), region)
	}
	s := &assembly.Stack{Region: region, Parameters: map[string]string{}, Identities: map[string]map[string]string{}, Files: map[string]func() (assembly.Asset, error){codeKey: noCode}}
	if err == nil {
		action = "cloudformation:GetTemplate"
		var template *cloudformation.GetTemplateOutput
		if template, err = client.GetTemplate(r.ctx, &cloudformation.GetTemplateInput{StackName: &name, TemplateStage: types.TemplateStageProcessed}); err == nil {
			r.describe(s, described.Stacks[0])
			s.Template, err = templatefile.Decode([]byte(aws.ToString(template.TemplateBody)))
		}
	}
	for pages := cloudformation.NewListStackResourcesPaginator(client, &cloudformation.ListStackResourcesInput{StackName: &name}); err == nil && pages.HasMorePages(); {
		action = "cloudformation:ListStackResources"
		var page *cloudformation.ListStackResourcesOutput
		if page, err = pages.NextPage(r.ctx); err == nil {
			r.list(s, page.StackResourceSummaries)
		}
	}
	if err != nil {
		said, fatal := problem(err, action, "stack "+name+" in "+region)
		if fatal {
			r.fatal = said
		}
		return said
	}
	r.stacks = append(r.stacks, s)
	return r.follow(s)
}

// noStack says that there is no such stack, but others.
func (r *reader) noStack(client *cloudformation.Client, name, region string) error {
	said := fault.New("check the name, the region and the account", "there is no stack %s in %s", name, region)
	page, err := client.DescribeStacks(r.ctx, new(cloudformation.DescribeStacksInput))
	if err != nil || len(page.Stacks) == 0 {
		return said
	}
	names := make([]string, len(page.Stacks))
	for i, s := range page.Stacks {
		names[i] = aws.ToString(s.StackName)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(unlike(a, name)-unlike(b, name), strings.Compare(a, b)) })
	said.Hint = "use one of " + strings.Join(names[:min(len(names), 16)], ", ") + ", or set another --region"
	return said
}

// unlike returns 0 if one of two names contains the other, else 1.
func unlike(a, b string) int {
	if a, b = strings.ToLower(a), strings.ToLower(b); strings.Contains(a, b) || strings.Contains(b, a) {
		return 0
	}
	return 1
}

// describe keeps what a stack is called and has got, and finds that it isn't as its last
// deployment wanted it.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (r *reader) describe(s *assembly.Stack, live types.Stack) {
	s.ID, s.Name, s.Account = aws.ToString(live.StackName), aws.ToString(live.StackName), arnField(aws.ToString(live.StackId), 4)
	if slices.ContainsFunc(r.stacks, func(other *assembly.Stack) bool { return other.ID == s.ID }) {
		s.ID += "@" + s.Region
	}
	for _, p := range live.Parameters {
		s.Parameters[aws.ToString(p.ParameterKey)] = cmp.Or(aws.ToString(p.ResolvedValue), aws.ToString(p.ParameterValue))
	}
	for _, output := range live.Outputs {
		r.publish(aws.ToString(output.OutputValue))
	}
	status, happens := string(live.StackStatus), "has what it had before its last deployment, or is incomplete"
	if strings.HasSuffix(status, "_IN_PROGRESS") {
		happens = "is being changed, so other findings may be out of date"
	}
	if strings.Contains(status, "ROLLBACK") || !strings.HasSuffix(status, "_COMPLETE") {
		r.found("stack-status", s.ID, "", happens, strings.TrimSuffix("its status is "+status+": "+aws.ToString(live.StackStatusReason), ": "),
			"wait for the end of a deployment; else read the stack's events, fix what failed, and deploy again")
	}
}

// list keeps the resources of a stack, by their names on AWS, and reads nested stacks.
func (r *reader) list(s *assembly.Stack, rows []types.StackResourceSummary) {
	for _, row := range rows {
		live := &resource{stack: s, id: aws.ToString(row.LogicalResourceId), kind: aws.ToString(row.ResourceType), physical: aws.ToString(row.PhysicalResourceId)}
		if live.physical == "" || row.ResourceStatus == types.ResourceStatusDeleteComplete {
			continue
		}
		r.resources = append(r.resources, live)
		if !strings.Contains(live.physical, "|") { // what has several parts isn't what Ref returns
			live.identify("Ref", live.physical)
		}
		if r.publish(live.physical); live.kind == "AWS::CloudFormation::Stack" {
			r.beside(live.physical, s.Region, s.ID)
		}
	}
}

// stackOutput matches, in JSON whose keys are sorted, the region and the stack whose output
// a template reads.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
var stackOutput = regexp.MustCompile(`"Fn::GetStackOutput":\{"OutputName":"[^"]*",(?:"Region":"([^"]*)",)?(?:"RoleArn":"[^"]*",)?"StackName":"([^"]*)"`)

// follow reads the stacks whose outputs the template of a stack names.
func (r *reader) follow(s *assembly.Stack) error {
	text, err := json.Marshal(s.Template)
	for _, match := range stackOutput.FindAllSubmatch(text, -1) {
		r.beside(string(match[2]), cmp.Or(string(match[1]), s.Region), s.ID)
	}
	return cmp.Or(r.fatal, err)
}

// beside reads a stack that another one needs.
func (r *reader) beside(name, region, path string) {
	if err := r.readStack(name, region); err != nil {
		r.found("unchecked", path, "", "stack "+name+" in "+region+", which it needs, isn't checked", err.Error(), fault.HintOf(err))
	}
}
