package templatefile

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestParseFile_reads_stack_region_and_file(t *testing.T) {
	for text, want := range map[string]File{
		"a/template_le.yaml":          {"a/template_le.yaml", "template-le", "eu-west-1"},
		"app=template.yaml":           {"template.yaml", "app", "eu-west-1"},
		"app@us-east-1=template.yaml": {"template.yaml", "app", "us-east-1"},
		"@us-east-1=.aws/x.json":      {".aws/x.json", "x", "us-east-1"},
	} {
		t.Setenv("AWS_REGION", "eu-west-1")
		if got, err := ParseFile(text); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "eu-central-1")
	if got, err := ParseFile("a.yaml"); got.Region != "eu-central-1" || err != nil {
		t.Errorf("got %+v, %v, want the default region", got, err)
	}
}

func TestParseFile_rejects(t *testing.T) {
	for _, text := range []string{"", "app=", "my_app=a.yaml", "1.yaml", "@us-east-1="} {
		if got, err := ParseFile(text); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%q: got %+v, %v, want an error with a hint", text, got, err)
		}
	}
}
