package infra

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// A flatRateApp is the constructs of an app or stage that plans restrict.
type flatRateApp struct {
	distributions []*flatRateDistribution
	webAcls       []awswafv2.CfnWebACL
	sources       []awslogs.CfnDeliverySource

	// stores are the keys of key value stores by the keys of their functions.
	stores map[string]string
}

// A flatRateDistribution is a distribution with its resolved properties.
type flatRateDistribution struct {
	awscloudfront.CfnDistribution

	config    any
	functions []string // keys of the CloudFront Functions, each once
	webAcl    string   // key of the web ACL, or ""
}

// flatRateAppOf returns the constructs of the app or stage of scope.
func flatRateAppOf(scope constructs.IConstruct) *flatRateApp {
	app := &flatRateApp{stores: map[string]string{}}
	for _, child := range *stageOf(scope).Node().FindAll(constructs.ConstructOrder_PREORDER) {
		switch c := child.(type) {
		case awscloudfront.CfnDistribution:
			app.distributions = append(app.distributions, newFlatRateDistribution(c))
		case awscloudfront.CfnFunction:
			for _, store := range valuesAt(resolved(c, c.FunctionConfig()), "KeyValueStoreAssociations[].KeyValueStoreArn") {
				app.stores[referenceKey(c, c.AttrFunctionArn())] = keyOf(c, store.value)
			}
		case awswafv2.CfnWebACL:
			app.webAcls = append(app.webAcls, c)
		case awslogs.CfnDeliverySource:
			app.sources = append(app.sources, c)
		}
	}
	return app
}

func newFlatRateDistribution(c awscloudfront.CfnDistribution) *flatRateDistribution {
	d := &flatRateDistribution{CfnDistribution: c, config: resolved(c, c.DistributionConfig())}
	seen := map[string]bool{}
	for _, function := range valuesAt(d.config, "Behaviors.FunctionAssociations[].FunctionArn") {
		if key := keyOf(c, function.value); !seen[key] {
			seen[key] = true
			d.functions = append(d.functions, key)
		}
	}
	for _, acl := range valuesAt(d.config, "WebACLId") {
		if isUsedValue(acl.value) {
			d.webAcl = keyOf(c, acl.value)
		}
	}
	return d
}

func (d *flatRateDistribution) path() string {
	return resourcePath(d)
}

// others returns all distributions but d.
func (a *flatRateApp) others(d *flatRateDistribution) (others []*flatRateDistribution) {
	for _, other := range a.distributions {
		if other != d {
			others = append(others, other)
		}
	}
	return others
}

// resourcePath returns the path of the construct that defines the resource c.
func resourcePath(c constructs.IConstruct) string {
	return strings.TrimSuffix(*c.Node().Path(), "/Resource")
}

// resolved returns a property of c without tokens.
func resolved(c constructs.IConstruct, value any) any {
	return awscdk.Stack_Of(c).Resolve(value)
}

// referenceKey returns the key of an attribute, which is a token.
func referenceKey(c constructs.IConstruct, attribute *string) string {
	return keyOf(c, resolved(c, attribute))
}

// keyOf returns a key for what a resolved value of c refers to. References to
// resources are unique within their stack only.
func keyOf(c constructs.IConstruct, value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	if isReference(value) && !strings.Contains(string(text), "Fn::GetStackOutput") {
		return *awscdk.Stack_Of(c).Node().Path() + " " + string(text)
	}
	return string(text)
}

// isReferredTo reports whether the key is that of the web ACL: in its own stack,
// or by the output that usEast1.arn defines.
func isReferredTo(acl awswafv2.CfnWebACL, key string) bool {
	if referenceKey(acl, acl.AttrArn()) == key {
		return true
	}
	output, ok := acl.Node().Scope().Node().TryFindChild(jsii.String("Arn")).(awscdk.CfnOutput)
	if !ok {
		return false
	}
	stack := awscdk.Stack_Of(acl)
	reference := awscdk.Fn_GetStackOutput(stack.StackName(), stack.GetLogicalId(output), jsii.String(edgeRegion), nil)
	return referenceKey(acl, reference) == key
}

// isWithin reports whether c is scope or below it.
func isWithin(c, scope constructs.IConstruct) bool {
	path := *scope.Node().Path()
	return path == "" || strings.HasPrefix(*c.Node().Path()+"/", path+"/")
}
