// The twin of testdata/endpoints: a CDK app with as many endpoints as its argument says, ten to a stack.
import { App, Stack } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';

import { EdgeStack } from './edge_stack';
import { Endpoint } from './endpoint';

const PER_STACK = 10;

const app = new App();
const { bodyHasher } = new EdgeStack(app, 'Edge', { env: { region: 'us-east-1' } });
let stack: Stack;
for (let i = 0; i < Number(process.argv[2]); i++) {
  if (i % PER_STACK === 0) {
    stack = new Stack(app, `Endpoints${i / PER_STACK}`, { env: { region: 'eu-west-1' } });
  }
  new Endpoint(stack!, `Endpoint${i}`, {
    handler: 'github.com/cloudfurl/cloudfurl/functions/demo',
    architecture: Architecture.ARM_64,
    bodyHasher,
  });
}
app.synth();
