package local

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/templatefile"
)

// reports are mistakes that people reported, each in a template of ours that has only
// that one. Its twin has the lines after "# right:" and lacks those that end with
// "# wrong".
var reports = []struct {
	template, rule, says, source, report string
}{
	{"aws-cdk-35872", "permission", "allows lambda:InvokeFunction on aws-cdk-35872/Handler", "https://github.com/aws/aws-cdk/issues/35872",
		"The CDK's FunctionUrlOrigin grants lambda:InvokeFunctionUrl only, and every request gets 403."},
	{"starter-kit-82", "permission", "allows lambda:InvokeFunction on starter-kit-82/Handler", "https://github.com/aws-samples/serverless-full-stack-webapp-starter-kit/pull/82 and /83",
		"The same in AWS's starter kit, whose mend grants lambda:InvokeFunction without InvokedViaFunctionUrl."},
	{"sst-6400", "permission", "allows lambda:InvokeFunction on sst-6400/Handler for an unsigned request", "https://github.com/anomalyco/sst/pull/6400",
		"A public function URL responds with 403, because only lambda:InvokeFunctionUrl is granted to everyone."},
	{"sst-6651", "permission", "allows lambda:InvokeFunctionUrl on sst-6651/Handler", "https://github.com/anomalyco/sst/issues/6651",
		"With a router of one's own, the function URL has AWS_IAM and the distribution none of the permissions."},
	{"sst-6881", "unsigned-origin", "no origin access control signs", "https://github.com/anomalyco/sst/issues/6881",
		"A route to a function URL with AWS_IAM doesn't inherit origin access control, so nothing signs."},
	{"sst-6427", "delete-body", "doesn't show the body of a DELETE", "https://github.com/anomalyco/sst/issues/6427",
		"The edge function hashes an empty body for a DELETE that has one, and the signature doesn't match."},
	{"cdk-nextjs-87", "unhashed-body", "no edge function can hash them", "https://github.com/cdklabs/cdk-nextjs/issues/87",
		"Server actions get 403: they POST, and nothing sets x-amz-content-sha256."},
	{"amplify-backend-3194", "unhashed-body", "no edge function can hash them", "https://github.com/aws-amplify/amplify-backend/pull/3194",
		"Nothing hashes what origin access control always signs: POST, PUT and PATCH get 403 in every framework."},
	{"yulin-651", "unhashed-body", "no edge function can hash them", "https://github.com/KensioSoftware/yulin/issues/651",
		"A sign-in form passes a simulator and gets 403 on AWS; in the twin viewers have to send the hash."},
	{"aws-cdk-34536", "permission-region", "it is in 111122223333/us-east-1, and its function in 111122223333/ap-southeast-2", "https://github.com/aws/aws-cdk/issues/34536",
		"The CDK defines the permission in the distribution's stack, in another region than the function."},
	{"opennextjs-1127", "accept-encoding", "Lambda removes Content-Encoding from streams", "https://github.com/opennextjs/opennextjs-aws/issues/1127",
		"Streams that the app compresses become 502 now and then, until Accept-Encoding is deleted at viewer-request."},
}

func TestCheck_names_mistakes_that_were_reported(t *testing.T) {
	for _, report := range reports {
		t.Run(report.template, func(t *testing.T) {
			wrong := checkReport(t, report.template, false)
			found := slices.ContainsFunc(wrong, func(f build.Finding) bool {
				return f.Rule == report.rule && strings.Contains(f.Cause, report.says) && f.Path != "" && f.Hint != "" && f.Source != ""
			})
			if !found || len(wrong) > 2 {
				t.Errorf("%s\n%s\ngot %+v, want %s: %s", report.source, report.report, wrong, report.rule, report.says)
			}
			if right := checkReport(t, report.template, true); len(right) > 0 {
				t.Errorf("the twin: got %+v, want nothing", right)
			}
		})
	}
}

// checkReport checks the templates of a report, in the region that their names end with.
func checkReport(t *testing.T, name string, right bool) []build.Finding {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata/reports", name+".*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var source Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		template := templatefile.File{Path: filepath.Join(t.TempDir(), "template.yaml"), Stack: name, Region: "ap-southeast-2"}
		if strings.HasSuffix(file, ".us-east-1.yaml") || strings.Contains(string(text), "Hasher") {
			template.Region = "us-east-1"
		}
		if strings.HasSuffix(file, ".us-east-1.yaml") {
			template.Stack += "-distribution"
		}
		if err := os.WriteFile(template.Path, []byte(twin(string(text), right)), 0o644); err != nil {
			t.Fatal(err)
		}
		source.Templates = append(source.Templates, template)
	}
	findings, err := source.Check(build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

func twin(text string, right bool) string {
	var lines []string
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, "# right:")
		if !right && ok || right && strings.HasSuffix(strings.TrimSpace(line), "# wrong") {
			continue
		}
		lines = append(lines, rest)
	}
	return strings.Join(lines, "")
}
