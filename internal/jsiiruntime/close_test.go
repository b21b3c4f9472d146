package jsiiruntime

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// hanging is a runtime that responds to nothing but with errors, and never ends.
const hanging = `
require('fs').writeSync(1, '{"hello":"@jsii/runtime@1.142.0"}\n');
process.stdin.on('data', () => { try { require('fs').writeSync(1, '{"error":"hanging"}\n'); } catch {} });
setInterval(() => {}, 1000);
`

func TestClose_ends_a_process_that_hangs(t *testing.T) {
	if _, err := exec.LookPath("pkill"); err != nil {
		t.Skipf("needs pkill: %v", err)
	}
	script := filepath.Join(t.TempDir(), "hanging.js")
	if err := os.WriteFile(script, []byte(hanging), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JSII_RUNTIME", "exec node "+script)
	jsii.Close() // the next call starts the hanging one
	func() {
		defer func() {
			if recover() == nil {
				t.Error("got an app, want the runtime's error")
			}
		}()
		awscdk.NewApp(nil)
	}()
	// Each of the two waits ends with the process, or fails the test.
	patience = 3 * time.Second
	if !Close() {
		t.Error("the process hasn't ended")
	}
}
