package assembly

import (
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// app writes an assembly of one stack, with things that are not known here.
func app(t *testing.T, version, template string) string {
	t.Helper()
	return write(t, map[string]string{
		"manifest.json": `{"version":"` + version + `","future":[1],"artifacts":{
			"F":{"type":"cdk:feature-of-the-future","properties":{"some":{"thing":true}}},
			"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"t.json","future":{}}}}}`,
		"t.json": template,
	})
}

func TestOpen_reads_a_newer_schema_and_says_so(t *testing.T) {
	for version, want := range map[string]string{"53.0.0": "", "55.0.0": "", "55.99.0": "", "56.0.0": "56.0.0", "1000.1.2": "1000.1.2"} {
		a := open(t, app(t, version, `{"Resources":{}}`))
		if a.Newer != want || len(a.Stacks) != 1 {
			t.Errorf("%s: got Newer %q and %d stacks, want %q and 1", version, a.Newer, len(a.Stacks), want)
		}
	}
}

func TestOpen_blames_a_newer_schema_for_what_it_cannot_read(t *testing.T) {
	_, err := Open(app(t, "1000.0.0", `[]`))
	if err == nil || !strings.Contains(err.Error(), "t.json") || !strings.Contains(fault.HintOf(err), "the assembly has schema 1000.0.0") {
		t.Errorf("Open = %v, want an error about t.json that names the schema", err)
	}
}
