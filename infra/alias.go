package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// AliasOptions configure an alias of the function that runs a Handler. The
// function URL belongs to the alias, so viewers reach only published versions.
type AliasOptions struct {
	// AliasName is the alias's name.
	//
	// Default: "live"
	AliasName *string

	// ProvisionedConcurrentExecutions is the number of requests at a time for
	// which environments are kept ready, without cold starts. AWS charges for them.
	//
	// Default: none
	ProvisionedConcurrentExecutions *float64

	// MaxProvisionedConcurrentExecutions scales the ready environments up to this
	// number, so that about 70 % of them are in use.
	//
	// Default: ProvisionedConcurrentExecutions, without scaling
	MaxProvisionedConcurrentExecutions *float64

	// DeploymentConfig shifts requests to a new version step by step, by
	// CodeDeploy: awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES(),
	// for one. If an alarm is raised meanwhile, they go back to the old version.
	//
	// Default: deployments shift all requests at once
	DeploymentConfig DeploymentConfig

	// Alarms are what takes requests back to the old version. They require
	// DeploymentConfig.
	//
	// Default: an alarm for errors of the new version and 5xx responses
	Alarms *[]awscloudwatch.IAlarm
}

// A DeploymentConfig is a configuration of CodeDeploy. awscodedeploy has them as
// ILambdaDeploymentConfig; infra doesn't import that package, so that only apps
// with a canary compile it.
type DeploymentConfig interface {
	DeploymentConfigName() *string
}

// utilizationTarget is the share of ready environments that scaling aims at.
const utilizationTarget = 0.7

// newAlias defines an alias of a function's current version.
func newAlias(scope constructs.Construct, function awslambda.Function, options *AliasOptions) awslambda.Alias {
	name := cmp.Or(options.AliasName, jsii.String("live"))
	version := function.CurrentVersion()
	alias := awslambda.NewAlias(scope, jsii.String("Alias"), &awslambda.AliasProps{
		AliasName:                       name,
		Version:                         version,
		ProvisionedConcurrentExecutions: options.ProvisionedConcurrentExecutions,
	})
	if most := options.MaxProvisionedConcurrentExecutions; most != nil {
		alias.AddAutoScaling(&awslambda.AutoScalingOptions{
			MinCapacity: options.ProvisionedConcurrentExecutions,
			MaxCapacity: most,
		}).ScaleOnUtilization(&awslambda.UtilizationScalingOptions{UtilizationTarget: jsii.Number(utilizationTarget)})
	}
	if options.DeploymentConfig != nil {
		defineDeployment(scope, alias, version, options)
	}
	return alias
}

// check panics with an *Error about the construct id in scope if the options of the
// alias contradict each other. The CDK checks their numbers.
func (o *AliasOptions) check(scope constructs.Construct, id *string, function awslambda.IFunction) {
	if o == nil {
		return
	}
	if function != nil {
		construct.Fail(scope, id, "got Alias with Function: they are for the function that runs Handler, give the alias as Function")
	}
	switch {
	case o.MaxProvisionedConcurrentExecutions != nil && o.ProvisionedConcurrentExecutions == nil:
		construct.Fail(scope, id, "got MaxProvisionedConcurrentExecutions without ProvisionedConcurrentExecutions: give the number to scale from")
	case o.Alarms != nil && o.DeploymentConfig == nil:
		construct.Fail(scope, id, "got Alarms without DeploymentConfig: give a deployment that they can roll back, "+
			"such as awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES()")
	}
}
