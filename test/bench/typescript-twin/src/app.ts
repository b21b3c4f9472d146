// The app of cloudfurl once more, in TypeScript: app.go, demo_stack.go and the constructs of package infra that they
// use, construct by construct. It exists for BenchmarkSynth, which compares what the two take to synthesize and checks
// that they define the same resources. Run it from the root of the repository, as the CDK CLI runs app.go.
import { App, CfnOutput, Environment, Stack, StackProps } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { BodyHasher, EdgeStack } from './edge_stack';
import { Endpoint } from './endpoint';

interface DemoStackProps extends StackProps {
  readonly architecture: Architecture;
  readonly bodyHasher: BodyHasher;
}

class DemoStack extends Stack {
  constructor(scope: Construct, id: string, props: DemoStackProps) {
    super(scope, id, props);
    const endpoint = new Endpoint(this, 'Endpoint', {
      handler: 'github.com/cloudfurl/cloudfurl/functions/demo',
      architecture: props.architecture,
      bodyHasher: props.bodyHasher,
    });
    new CfnOutput(this, 'DistributionUrl', { description: 'The address for viewers', value: endpoint.url });
    new CfnOutput(this, 'FunctionName', { description: 'The function that runs the handler', value: endpoint.function.functionName });
    new CfnOutput(this, 'FunctionUrl', { description: 'The function URL, which accepts only signed requests', value: endpoint.functionUrl.url });
  }
}

/** Returns the value of a context key, which cdk.json has. */
function context(scope: Construct, key: string): string {
  const value = scope.node.tryGetContext(key);
  if (typeof value !== 'string' || value === '') {
    throw new Error(`context ${key}: got no value: give CDK_CONTEXT_JSON`);
  }
  return value;
}

function architecture(scope: Construct): Architecture {
  switch (context(scope, 'architecture')) {
    case 'arm64':
      return Architecture.ARM_64;
    case 'x86_64':
      return Architecture.X86_64;
    default:
      throw new Error('context architecture: give arm64 or x86_64');
  }
}

function environment(region: string): Environment {
  return { region, account: process.env.CDK_DEFAULT_ACCOUNT || undefined };
}

const app = new App();
const edge = new EdgeStack(app, 'CloudfurlEdge', {
  env: environment('us-east-1'),
  description: 'The Lambda@Edge function of cloudfurl',
});
new DemoStack(app, 'Cloudfurl', {
  env: environment(context(app, 'region')),
  description: 'A streaming function URL behind CloudFront',
  architecture: architecture(app),
  bodyHasher: edge.bodyHasher,
});
app.synth();
