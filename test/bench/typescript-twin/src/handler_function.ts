// The twin of infra/handler_function.go, infra/go_handler.go and infra/go_build.go.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { AssetHashType, Duration, ILocalBundling, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

class GoBuild implements ILocalBundling {
  constructor(
    private readonly importPath: string,
    readonly goarch: string,
  ) {}

  arguments(output: string): string[] {
    return ['build', '-trimpath', '-buildvcs=false', '-tags', 'lambda.norpc', '-ldflags', '-s -w -buildid=', '-o', output, this.importPath];
  }

  tryBundle(outputDir: string): boolean {
    const bootstrap = join(outputDir, 'bootstrap');
    execFileSync('go', this.arguments(bootstrap), { env: { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH: this.goarch } });
    chmodSync(bootstrap, 0o755);
    return true;
  }
}

export interface HandlerFunctionProps {
  readonly handler: string;
  readonly architecture: Architecture;
}

/** Defines a Lambda function that runs a Go main package. */
export class HandlerFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const build = new GoBuild(props.handler, props.architecture === Architecture.ARM_64 ? 'arm64' : 'amd64');
    this.function = new Function(this, 'Function', {
      code: Code.fromAsset('.', {
        assetHashType: AssetHashType.OUTPUT,
        bundling: {
          image: Runtime.PROVIDED_AL2023.bundlingImage,
          local: build,
          command: build.arguments('bootstrap'),
          environment: { GOARCH: build.goarch, PACKAGE: props.handler },
        },
      }),
      runtime: Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
      architecture: props.architecture,
      memorySize: 256,
      timeout: Duration.minutes(5),
      logGroup,
      role,
    });
  }
}
