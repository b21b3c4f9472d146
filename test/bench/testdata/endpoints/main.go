// Command endpoints is a CDK app with as many endpoints as its argument says, ten
// to a stack: what a further endpoint costs.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// perStack keeps stacks below CloudFormation's quota of 500 resources.
const perStack = 10

func main() {
	defer jsii.Close()
	count, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	env := &awscdk.Environment{Region: jsii.String("eu-west-1")}
	app := awscdk.NewApp(nil)
	edge := infra.NewEdgeStack(app, jsii.String("Edge"), nil)
	var stack awscdk.Stack
	for i := range count {
		if i%perStack == 0 {
			stack = awscdk.NewStack(app, jsii.String(fmt.Sprintf("Endpoints%d", i/perStack)), &awscdk.StackProps{Env: env})
		}
		infra.NewEndpoint(stack, jsii.String(fmt.Sprintf("Endpoint%d", i)), &infra.EndpointProps{
			Handler:    infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/demo"),
			BodyHasher: edge.BodyHasher,
		})
	}
	app.Synth(nil)
}
