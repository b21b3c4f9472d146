// The twin of infra/streaming_origin.go.
import { Duration } from 'aws-cdk-lib';
import { FunctionUrlOriginAccessControl, IOrigin, Signing } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { FunctionUrl, FunctionUrlAuthType, IFunction, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { globalName } from './endpoint';

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
    this.origin = FunctionUrlOrigin.withOriginAccessControl(this.functionUrl, { originAccessControl, readTimeout: Duration.seconds(60) });
  }
}
