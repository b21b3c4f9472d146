package deployed

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestCheck_finds_what_was_changed_on_AWS(t *testing.T) {
	a := deploy(t)
	const stack, origin = "Cloudfurl/", "Cloudfurl/" + distribution
	authType := func(authType types.FunctionUrlAuthType) {
		_, err := a.lambda("ap-northeast-1").UpdateFunctionUrlConfig(t.Context(), &lambda.UpdateFunctionUrlConfigInput{FunctionName: aws.String(a.names[handler]), AuthType: authType})
		a.must(err)
	}
	tests := []struct {
		name         string
		change, undo func()
		want         []string // [rule] path: what each finding has, in order
	}{
		{"nothing", func() {}, nil, nil},
		{"the second permission was removed", func() { a.revoke(invokeHandler, handler) }, func() { a.permit(invokeHandler, handler) },
			[]string{"[permission] " + origin + ": DistributionConfig.Origins[1] no AWS::Lambda::Permission allows lambda:InvokeFunction on " + stack + handler + " for cloudfront.amazonaws.com acting for " + origin}},
		{"the first permission was removed", func() { a.revoke(callAgent, agent) }, func() { a.permit(callAgent, agent) },
			[]string{"[permission] " + origin + ": DistributionConfig.Origins[2] no AWS::Lambda::Permission allows lambda:InvokeFunctionUrl on " + stack + agent}},
		{"a permission was written by hand", func() {
			a.revoke(invokeHandler, handler)
			a.permit("by-hand-InvokeFunctionViaUrl", handler)
		}, func() { a.revoke("by-hand-InvokeFunctionViaUrl", handler); a.permit(invokeHandler, handler) }, nil},
		{"AuthType was changed", func() { authType("NONE") }, func() { authType("AWS_IAM") },
			[]string{"[drift] " + stack + handlerURL + ": AuthType the template has AWS_IAM",
				"[open-url] " + origin + ": DistributionConfig.Origins[1]", "[permission] " + stack + handlerURL}},
		{"InvokeMode was changed", func() { a.invokeMode = "BUFFERED" }, func() { a.invokeMode = "" },
			[]string{"[drift] " + stack + agentURL + ": InvokeMode", "[drift] " + stack + handlerURL + ": InvokeMode the template has RESPONSE_STREAM",
				"[origin-timeout] " + origin + ": DistributionConfig.Origins[1]", "[origin-timeout] " + origin + ": DistributionConfig.Origins[2]"}},
		{"origin access control was detached", func() { _, origin := a.front.api(); origin.OriginAccessControlId = aws.String("") }, nil,
			[]string{"[unsigned-origin] " + origin + ": DistributionConfig.Origins[1]"}},
		{"methods were removed", func() {
			behavior, _ := a.front.api()
			behavior.AllowedMethods.Items, behavior.AllowedMethods.Quantity = behavior.AllowedMethods.Items[:2], aws.Int32(2)
		}, nil, []string{"[methods] " + origin + ": DistributionConfig.CacheBehaviors[0]"}},
		{"Host is forwarded", func() {
			behavior, _ := a.front.api()
			behavior.OriginRequestPolicyId = aws.String("216adef6-5c7f-47e4-b989-5492eafa07d3")
		}, nil, []string{"[host-header] " + origin + ": DistributionConfig.CacheBehaviors[0]"}},
		{"body_hasher was detached", func() {
			behavior, _ := a.front.api()
			behavior.LambdaFunctionAssociations = nil
		}, nil, []string{"[unhashed-body] " + origin + ": DistributionConfig.CacheBehaviors[0]"}},
		{"the role doesn't trust the edge", func() { a.trust("lambda.amazonaws.com") }, func() { a.trust("lambda.amazonaws.com", "edgelambda.amazonaws.com") },
			[]string{"[edge-role] CloudfurlEdge/" + hasher + ": Role edgelambda.amazonaws.com"}},
		{"the last deployment was rolled back", func() { a.status = "UPDATE_ROLLBACK_COMPLETE" }, func() { a.status = "" },
			[]string{"[stack-status] Cloudfurl: its status is UPDATE_ROLLBACK_COMPLETE", "[stack-status] CloudfurlEdge: its status"}},
		{"a deployment is going on", func() { a.status = "UPDATE_IN_PROGRESS" }, func() { a.status = "" },
			[]string{"[stack-status] Cloudfurl: its status is UPDATE_IN_PROGRESS", "[stack-status] CloudfurlEdge: its status"}},
		{"the edge stack was deployed alone", func() { a.publish() }, nil,
			[]string{"[stale-version] " + origin + ": DistributionConfig.CacheBehaviors[0].LambdaFunctionAssociations[0].LambdaFunctionARN stack CloudfurlEdge has version 2"}},
		{"both were deployed then", func() {
			a.version = strings.TrimSuffix(a.version, "1") + "2"
			a.front.config = a.distributionConfig()
		}, nil, nil},
		{"a function URL was deleted", func() {
			_, err := a.lambda("ap-northeast-1").DeleteFunctionUrlConfig(t.Context(), &lambda.DeleteFunctionUrlConfigInput{FunctionName: aws.String(a.names[agent])})
			a.must(err)
		}, nil, []string{"[deleted] " + stack + agentURL, "[unchecked] " + origin + ": DistributionConfig.Origins[2] no stack that was read has the function URL"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a.t = t
			a.front.config = a.distributionConfig()
			test.change()
			a.update()
			found, err := Check(t.Context(), []string{"Cloudfurl"}, "")
			if err != nil {
				t.Fatal(err)
			}
			if test.undo != nil {
				test.undo()
			}
			var got []string
			for _, f := range found {
				got = append(got, "["+f.Rule+"] "+f.Path+": "+strings.TrimSpace(f.Property+" "+f.Cause))
				if f.Hint == "" || f.Happens == "" || f.Severity == "" {
					t.Errorf("got %+v, want what happens, a hint and a severity", f)
				}
			}
			slices.Sort(got)
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}
