package edge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// functionSizeLimit is the size of a CloudFront Function, 10 KB.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const functionSizeLimit = 10_240

func TestOriginalHost_fits_into_a_CloudFront_Function(t *testing.T) {
	if size := len(edge.OriginalHost); size > functionSizeLimit {
		t.Errorf("original_host.js has %d bytes, CloudFront's limit is %d", size, functionSizeLimit)
	}
}

func TestOriginalHost_writes_the_headers_of_package_contract(t *testing.T) {
	for _, header := range []string{contract.HeaderOriginalHost, contract.HeaderForwardedHost, contract.HeaderOriginalAuthorization} {
		if quoted := "'" + strings.ToLower(header) + "'"; !strings.Contains(edge.OriginalHost, quoted) {
			t.Errorf("original_host.js does not write %s: the handlers read it", quoted)
		}
	}
}

func TestBodyHasher_writes_the_header_of_package_contract(t *testing.T) {
	if quoted := "'" + strings.ToLower(contract.HeaderContentSHA256) + "'"; !strings.Contains(edge.BodyHasher, quoted) {
		t.Errorf("body_hasher.js does not write %s: origin access control signs it", quoted)
	}
}

func TestSources_open_with_event_job_limits_source(t *testing.T) {
	files, err := filepath.Glob("*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("got files %v (%v), want the sources", files, err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitN(string(source), "\n", 5)
		for i, want := range []string{"// Event:", "// Job:", "// Limits:", "// Source: https://"} {
			if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
				t.Errorf("%s: line %d does not begin with %q", name, i+1, want)
			}
		}
	}
}
