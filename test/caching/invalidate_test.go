package caching

import (
	"os/exec"
	"strings"
	"testing"
)

// events runs infra/invalidate.py for each event of CloudFormation, with stand-ins
// of the modules that Lambda has, and prints what it calls.
const events = `
import json, sys, types

class Client:
    def create_invalidation(self, **given):
        if given["DistributionId"] == "GONE":
            raise RuntimeError("no such distribution")
        print("invalidates", json.dumps(given, sort_keys=True))

def send(event, context, status, data, identity, reason=None):
    print("responds", event["RequestType"], status, identity, reason)

sys.modules["boto3"] = types.SimpleNamespace(client=lambda name: Client())
sys.modules["cfnresponse"] = types.SimpleNamespace(send=send, SUCCESS="SUCCESS", FAILED="FAILED")
sys.path.insert(0, "../../infra")
sys.dont_write_bytecode = True
import invalidate

for kind, distribution in [("Create", "E1"), ("Update", "E1"), ("Update", "GONE"), ("Delete", "E1")]:
    invalidate.handler({"RequestType": kind, "RequestId": "r1", "LogicalResourceId": "Pages",
                        "ResourceProperties": {"DistributionId": distribution, "Paths": ["/*"]}}, None)
`

func TestInvalidation_is_made_by_updates_only(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("SKIPPED: there is no python3")
	}
	got, err := exec.Command(python, "-c", events).CombinedOutput()
	const want = `responds Create SUCCESS Pages None
invalidates {"DistributionId": "E1", "InvalidationBatch": {"CallerReference": "r1", "Paths": {"Items": ["/*"], "Quantity": 1}}}
responds Update SUCCESS Pages None
responds Update FAILED Pages no such distribution
responds Delete SUCCESS Pages None`
	if err != nil || strings.TrimSpace(string(got)) != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
