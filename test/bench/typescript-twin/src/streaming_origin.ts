// The twin of infra/streaming_origin.go.
import { Duration, Stack } from 'aws-cdk-lib';
import { FunctionUrlOriginAccessControl, IOrigin, OriginBindConfig, OriginBindOptions, Signing } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnPermission, FunctionUrl, FunctionUrlAuthType, IFunction, IFunctionUrl, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { globalName } from './endpoint';

/** CDK's function URL origin with the second of the two permissions that its caller needs. */
class PermittedOrigin implements IOrigin {
  constructor(
    private readonly origin: IOrigin,
    private readonly functionUrl: IFunctionUrl,
  ) {}

  bind(scope: Construct, options: OriginBindOptions): OriginBindConfig {
    new CfnPermission(scope, 'InvokeFunctionViaUrl', {
      action: 'lambda:InvokeFunction',
      functionName: this.functionUrl.functionArn,
      invokedViaFunctionUrl: true,
      principal: 'cloudfront.amazonaws.com',
      sourceArn: Stack.of(scope).formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: options.distributionId }),
    });
    return this.origin.bind(scope, options);
  }
}

/** Defines the URL of a function as an origin that only CloudFront can call. */
export class StreamingOrigin extends Construct {
  readonly functionUrl: FunctionUrl;
  readonly origin: IOrigin;

  constructor(scope: Construct, id: string, fn: IFunction) {
    super(scope, id);
    this.functionUrl = new FunctionUrl(this, 'FunctionUrl', {
      function: fn,
      authType: FunctionUrlAuthType.AWS_IAM,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    const originAccessControl = new FunctionUrlOriginAccessControl(this, 'OriginAccessControl', {
      originAccessControlName: globalName(this),
      signing: Signing.SIGV4_ALWAYS,
    });
    this.origin = new PermittedOrigin(
      FunctionUrlOrigin.withOriginAccessControl(this.functionUrl, { originAccessControl, readTimeout: Duration.seconds(60) }),
      this.functionUrl,
    );
  }
}
