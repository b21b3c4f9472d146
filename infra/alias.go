package infra

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
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
		construct.Fail(scope, id, "got Alias with Function: they are for the function that runs Handler, set the alias as Function")
	}
	switch {
	case o.MaxProvisionedConcurrentExecutions != nil && o.ProvisionedConcurrentExecutions == nil:
		construct.Fail(scope, id, "got MaxProvisionedConcurrentExecutions without ProvisionedConcurrentExecutions: set the number to scale from")
	case o.Alarms != nil && o.DeploymentConfig == nil:
		construct.Fail(scope, id, "got Alarms without DeploymentConfig: set a deployment that they can roll back, "+
			"such as awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES()")
	}
}

// defineDeployment makes CodeDeploy shift requests to new versions of an alias.
// Unlike CDK's LambdaDeploymentGroup it spares apps the import of awscodedeploy,
// which takes in 24 packages.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
func defineDeployment(scope constructs.Construct, alias awslambda.Alias, version awslambda.Version, options *AliasOptions) {
	place := constructs.NewConstruct(scope, jsii.String("Deployment"))
	alarms := []awscloudwatch.IAlarm{}
	if options.Alarms != nil {
		alarms = *options.Alarms
	} else {
		alarms = append(alarms, newVersionAlarm(place, alias, version))
	}
	names := []any{}
	for _, alarm := range alarms {
		names = append(names, map[string]any{"Name": alarm.AlarmName()})
	}

	role := awsiam.NewRole(place, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy:       awsiam.NewServicePrincipal(jsii.String("codedeploy.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AWSCodeDeployRoleForLambdaLimited"))},
	})
	construct.Suppress(role, "AwsSolutions-IAM4", "It is the policy that AWS keeps for CodeDeploy's deployments of Lambda functions.")
	application := awscdk.NewCfnResource(place, jsii.String("Application"), &awscdk.CfnResourceProps{
		Type:       jsii.String("AWS::CodeDeploy::Application"),
		Properties: &map[string]any{"ComputePlatform": "Lambda"},
	})
	group := awscdk.NewCfnResource(place, jsii.String("Group"), &awscdk.CfnResourceProps{
		Type: jsii.String("AWS::CodeDeploy::DeploymentGroup"),
		Properties: &map[string]any{
			"ApplicationName":      application.Ref(),
			"ServiceRoleArn":       role.RoleArn(),
			"DeploymentConfigName": options.DeploymentConfig.DeploymentConfigName(),
			"DeploymentStyle":      map[string]any{"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
			"AlarmConfiguration":   map[string]any{"Enabled": len(names) > 0, "Alarms": names},
			"AutoRollbackConfiguration": map[string]any{
				"Enabled": true,
				"Events":  []any{"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"},
			},
		},
	})
	alias.Node().DefaultChild().(awscdk.CfnResource).CfnOptions().SetUpdatePolicy(&awscdk.CfnUpdatePolicy{
		CodeDeployLambdaAliasUpdate: &awscdk.CfnCodeDeployLambdaAliasUpdate{
			ApplicationName:     application.Ref(),
			DeploymentGroupName: group.Ref(),
		},
	})
}

// newVersionAlarm defines the alarm that takes requests back to the old version.
// A function that fails, or a stream that breaks, counts for the new version; a
// handler that responds with 5xx counts for either.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
func newVersionAlarm(scope constructs.Construct, alias awslambda.Alias, version awslambda.Version) awscloudwatch.IAlarm {
	minute := awscdk.Duration_Minutes(jsii.Number(1))
	resource := jsii.String(fmt.Sprintf("%s:%s", *version.Lambda().FunctionName(), *alias.AliasName()))
	metric := func(name string, dimensions map[string]*string) awscloudwatch.IMetric {
		dimensions["FunctionName"] = version.Lambda().FunctionName()
		dimensions["Resource"] = resource
		return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace:     jsii.String("AWS/Lambda"),
			MetricName:    jsii.String(name),
			DimensionsMap: &dimensions,
			Statistic:     jsii.String("Sum"),
			Period:        minute,
		})
	}
	failures := awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("FILL(errors, 0) + FILL(responses, 0)"),
		UsingMetrics: &map[string]awscloudwatch.IMetric{
			"errors":    metric("Errors", map[string]*string{"ExecutedVersion": version.Version()}),
			"responses": metric("Url5xxCount", map[string]*string{}),
		},
		Period: minute,
	})
	return newAlarm(scope, "Errors", failures, 0, fmt.Sprintf("The function of %s fails or responds with a 5xx status. A deployment that is under way is "+
		"rolled back; read the function's logs before the next.", *scope.Node().Scope().Node().Path()))
}
