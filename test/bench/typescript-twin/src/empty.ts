// The twin of testdata/emptyapp: a CDK app that defines nothing.
import { App } from 'aws-cdk-lib';

new App().synth();
