package synthtest

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/internal/jsiiruntime"
)

// Main is the TestMain of packages that synthesize: it closes the jsii runtime.
func Main(m *testing.M) {
	code := m.Run()
	jsiiruntime.Close()
	os.Exit(code)
}

// NewApp returns an app that doesn't compile handlers.
func NewApp() awscdk.App {
	return awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false),
		Context:            &map[string]any{"aws:cdk:bundling-stacks": []string{}},
	})
}
