// The twin of infra/edge_stack.go and infra/body_hasher.go.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Arn, ArnFormat, CfnOutput, Duration, Fn, RemovalPolicy, Stack, StackProps, Token } from 'aws-cdk-lib';
import { CompositePrincipal, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, CfnVersion, Code, Function, IVersion, Runtime, Version } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IValidation } from 'constructs';

const EDGE_REGION = 'us-east-1';
const MAX_EDGE_TIMEOUT = 30;

/** Reports at synthesis what Lambda@Edge would reject at deployment. */
class EdgeValidation implements IValidation {
  constructor(private readonly fn: Function) {}

  validate(): string[] {
    const stack = Stack.of(this.fn);
    const resource = this.fn.node.defaultChild as CfnFunction;
    const forbidden = {
      DeadLetterConfig: resource.deadLetterConfig,
      Environment: resource.environment,
      EphemeralStorage: resource.ephemeralStorage,
      FileSystemConfigs: resource.fileSystemConfigs,
      Layers: resource.layers,
      TracingConfig: resource.tracingConfig,
      VpcConfig: resource.vpcConfig,
    };
    const problems: string[] = [];
    for (const [property, value] of Object.entries(forbidden)) {
      if (!isEmpty(value) && !isEmpty(stack.resolve(value))) {
        problems.push(`Lambda@Edge functions can't have ${property}: remove it`);
      }
    }
    if (resource.timeout !== undefined && resource.timeout > MAX_EDGE_TIMEOUT) {
      problems.push(`got Timeout ${resource.timeout} s: Lambda@Edge allows ${MAX_EDGE_TIMEOUT} s at origin-request`);
    }
    for (const name of resource.architectures ?? []) {
      if (name !== 'x86_64') problems.push(`got Architectures ${name}: Lambda@Edge runs x86_64 only`);
    }
    return problems;
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Defines the Lambda@Edge function body_hasher. */
export class BodyHasher extends Construct {
  readonly function: Function;
  readonly version: Version;
  private readonly output: CfnOutput;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.node.setContext('@aws-cdk/aws-lambda:useCdkManagedLogGroup', false);
    const role = new Role(this, 'Role', {
      assumedBy: new CompositePrincipal(new ServicePrincipal('lambda.amazonaws.com'), new ServicePrincipal('edgelambda.amazonaws.com')),
    });
    const directory = mkdtempSync(join(tmpdir(), 'body_hasher'));
    try {
      copyFileSync(join('edge', 'body_hasher.js'), join(directory, 'body_hasher.js'));
      this.function = new Function(this, 'Function', {
        description: 'Sets x-amz-content-sha256 at origin-request',
        code: Code.fromAsset(directory),
        runtime: Runtime.NODEJS_24_X,
        handler: 'body_hasher.handler',
        architecture: Architecture.X86_64,
        memorySize: 256,
        timeout: Duration.seconds(5),
        role,
        currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
    this.function.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.function.node.addValidation(new EdgeValidation(this.function));
    this.defineLogs(role);

    this.version = this.function.currentVersion;
    this.output = new CfnOutput(this, 'VersionArn', {
      description: 'The version of body_hasher for behaviors to use',
      value: this.version.functionArn,
    });
  }

  /** Returns the current version for use in the stack of scope. */
  versionIn(scope: Construct): IVersion {
    const own = Stack.of(this);
    const stack = Stack.of(scope);
    if (own === stack) return this.version;
    if (!Token.isUnresolved(own.account) && !Token.isUnresolved(stack.account) && own.account !== stack.account) {
      throw new Error(`got a BodyHasher of account ${own.account} in a stack of account ${stack.account}`);
    }
    stack.addStackDependency(own, 'its behaviors run the version of body_hasher');
    const output = Fn.getStackOutput(own.stackName, own.getLogicalId(this.output), EDGE_REGION);
    const tagged = Fn.join('#', [output, (this.version.node.defaultChild as CfnVersion).logicalId]);
    return Version.fromVersionArn(scope, 'BodyHasherVersion', Fn.select(0, Fn.split('#', tagged)));
  }

  private defineLogs(role: Role): void {
    const logGroupName = `/aws/lambda/${EDGE_REGION}.${this.function.functionName}`;
    new LogGroup(this, 'LogGroup', { logGroupName, retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const everywhere = Arn.format(
      { service: 'logs', region: '*', resource: 'log-group', resourceName: `${logGroupName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      Stack.of(this),
    );
    new Policy(this, 'LogsPolicy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: [everywhere] })],
    });
  }
}

/** Defines a stack in us-east-1 that holds a BodyHasher. */
export class EdgeStack extends Stack {
  readonly bodyHasher: BodyHasher;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.bodyHasher = new BodyHasher(this, 'BodyHasher');
  }
}
