// The twin of infra/endpoint.go, infra/original_host.go, infra/global_name.go and infra/streaming_behavior.go.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Architecture, Function, FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import { BodyHasher } from './edge_stack';
import { HandlerFunction } from './handler_function';
import { StreamingOrigin } from './streaming_origin';

// CloudFront's limit on names, less a hash of 8, two hyphens and the longest region.
const MAX_STACK_IN_NAME = 64 - '-12345678-ap-southeast-1'.length;

/** Returns a name that no other region, stack or construct of an account has. */
export function globalName(scope: Construct): string {
  const { stackName, region } = Stack.of(scope);
  const hash = createHash('sha256').update(`${stackName}\0${scope.node.path}`).digest('hex').slice(0, 8);
  return `${stackName.slice(0, MAX_STACK_IN_NAME)}-${hash}-${region}`;
}

class OriginalHost extends Construct {
  readonly function: cloudfront.Function;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.function = new cloudfront.Function(this, 'Function', {
      code: cloudfront.FunctionCode.fromInline(readFileSync(join('edge', 'original_host.js'), 'utf8')),
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      functionName: globalName(this),
      comment: "Keeps the viewer's Host and Authorization",
    });
  }
}

export interface EndpointProps {
  /** The import path of the Go main package that answers. */
  readonly handler: string;
  readonly architecture: Architecture;
  readonly bodyHasher: BodyHasher;
}

/** Defines a streaming function URL behind CloudFront. */
export class Endpoint extends Construct {
  readonly function: Function;
  readonly functionUrl: FunctionUrl;
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id);
    this.function = new HandlerFunction(this, 'Handler', props).function;
    const origin = new StreamingOrigin(this, 'Origin', this.function);
    this.functionUrl = origin.functionUrl;
    const originalHost = new OriginalHost(this, 'OriginalHost').function;
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: this.node.path,
      defaultBehavior: {
        origin: origin.origin,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress: false,
        functionAssociations: [{ eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: originalHost }],
        edgeLambdas: [
          {
            eventType: cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            functionVersion: props.bodyHasher.versionIn(this),
            includeBody: true,
          },
        ],
      },
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_ALL,
    });
  }

  get url(): string {
    return `https://${this.distribution.domainName}/`;
  }
}
