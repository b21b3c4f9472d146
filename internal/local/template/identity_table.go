package template

// identities are what Ref and Fn::GetAtt return, by type and attribute. They are texts
// with placeholders:
//
//	${name P 64}       the property P or, without it, a generated name of at most 64 characters
//	${property P}      the property P, or ""
//	${Arn}             another attribute of the same resource
//	${arn sqs}         the beginning of an ARN in the stack's region and account, up to the colon before the resource
//	${global iam}      the same of a service without regions
//	${lower 6 suffix}  6 made-up digits and letters; "suffix" tells them from others of the resource. Also upper and hex
//	${uuid}            a made-up UUID
//
// and others that one type needs; see placeholder. The numbers are the limits and the
// lengths that AWS documents. A further type is one more entry.
//
// Names and forms of attributes are documented per type.
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
var identities = map[string]map[string]string{
	// Names, and the form of a function URL: https://<url-id>.lambda-url.<region>.on.aws/, where
	// the id is unique for good.
	//
	// See: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
	// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
	// Inferred: that the ARN of a URL has its alias, as one function may have a URL for itself
	// and for each alias, and this ARN is the URL's identifier; and that the domain is the same
	// in every partition.
	"AWS::Lambda::Function":     {"Ref": "${name FunctionName 64}", "Arn": "${arn lambda}function:${Ref}"},
	"AWS::Lambda::Version":      {"Ref": "${function FunctionName}:${Version}", "FunctionArn": "${Ref}", "Version": "${version}"},
	"AWS::Lambda::Alias":        {"Ref": "${function FunctionName}:${property Name}", "AliasArn": "${Ref}"},
	"AWS::Lambda::LayerVersion": {"Ref": "${arn lambda}layer:${name LayerName 140}:1", "LayerVersionArn": "${Ref}"},
	"AWS::Lambda::Permission":   {"Ref": "${name Id 128}", "Id": "${Ref}"},
	"AWS::Lambda::Url": {
		"Ref": "${function TargetFunctionArn}${qualifier}", "FunctionArn": "${Ref}",
		"FunctionUrl": "https://${lower 32 url}.lambda-url.${region}.on.aws/",
	},

	// Seen: E1U5RQF7T870K0 and d111111abcdef8.cloudfront.net in the documentation of
	// AWS::CloudFront::Distribution.
	// Inferred: the same form for access controls, identities and public keys.
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyValueStore.html
	"AWS::CloudFront::Distribution":                   {"Ref": "E${upper 13}", "Id": "${Ref}", "DomainName": "d${lower 13 domain}.${cloudfront}"},
	"AWS::CloudFront::OriginAccessControl":            {"Ref": "E${upper 13}", "Id": "${Ref}"},
	"AWS::CloudFront::CloudFrontOriginAccessIdentity": {"Ref": "E${upper 13}", "Id": "${Ref}", "S3CanonicalUserId": "${hex 64}"},
	"AWS::CloudFront::PublicKey":                      {"Ref": "K${upper 13}", "Id": "${Ref}"},
	"AWS::CloudFront::CachePolicy":                    {"Ref": "${uuid}", "Id": "${Ref}"},
	"AWS::CloudFront::OriginRequestPolicy":            {"Ref": "${uuid}", "Id": "${Ref}"},
	"AWS::CloudFront::ResponseHeadersPolicy":          {"Ref": "${uuid}", "Id": "${Ref}"},
	"AWS::CloudFront::KeyGroup":                       {"Ref": "${uuid}", "Id": "${Ref}"},
	"AWS::CloudFront::RealtimeLogConfig":              {"Ref": "${global cloudfront}realtime-log-config/${name Name 64}", "Arn": "${Ref}"},
	"AWS::CloudFront::KeyValueStore": {
		"Ref": "${name Name 64}", "Arn": "${global cloudfront}key-value-store/${uuid}", "Id": "${uuid}", "Status": "READY",
	},
	"AWS::CloudFront::Function": {
		"Ref": "${global cloudfront}function/${name Name 64}", "FunctionARN": "${Ref}", "FunctionMetadata.FunctionARN": "${Ref}", "Stage": "${stage}",
	},

	// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
	// See: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
	"AWS::S3::Bucket": {
		"Ref": "${bucket}", "Arn": "arn:${partition}:s3:::${Ref}",
		"DomainName": "${Ref}.s3.${suffix}", "RegionalDomainName": "${Ref}.s3.${region}.${suffix}",
		"DualStackDomainName": "${Ref}.s3.dualstack.${region}.${suffix}", "WebsiteURL": "http://${Ref}.s3-website${website}${region}.${suffix}",
	},
	"AWS::S3::BucketPolicy":      {"Ref": "${property Bucket}"},
	"AWS::DynamoDB::Table":       {"Ref": "${name TableName 255}", "Arn": "${arn dynamodb}table/${Ref}"},
	"AWS::DynamoDB::GlobalTable": {"Ref": "${name TableName 255}", "Arn": "${arn dynamodb}table/${Ref}"},

	// A secret's ARN ends in a hyphen and six random characters.
	//
	// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	// See: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
	// See: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
	"AWS::IAM::Role":                       {"Ref": "${name RoleName 64}", "Arn": "${global iam}role${path}${Ref}", "RoleId": "AROA${upper 17}"},
	"AWS::IAM::ManagedPolicy":              {"Ref": "${global iam}policy${path}${name ManagedPolicyName 128}", "PolicyArn": "${Ref}"},
	"AWS::IAM::Policy":                     {"Ref": "ANPA${upper 17}", "Id": "${Ref}"},
	"AWS::IAM::RolePolicy":                 {"Ref": "${name PolicyName 128}"},
	typeSSMParameter:                       {"Ref": "${name Name 1011}", "Value": "${property Value}", "Type": "${property Type}", "Arn": "${arn ssm}parameter${rooted}"},
	typeSecret:                             {"Ref": "${arn secretsmanager}secret:${name Name 64}-${lower 6 suffix}", "Id": "${Ref}"},
	"AWS::KMS::Key":                        {"Ref": "${uuid}", "Arn": "${arn kms}key/${uuid}", "KeyId": "${uuid}"},
	"AWS::KMS::Alias":                      {"Ref": "${property AliasName}"},
	"AWS::CertificateManager::Certificate": {"Ref": "${arn acm}certificate/${uuid}", "CertificateArn": "${Ref}"},

	// The ARN of a log group ends in :*, as the documentation of AWS::Logs::LogGroup shows it.
	//
	// See: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
	// See: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	// See: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
	// See: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
	// See: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
	"AWS::Logs::LogGroup": {"Ref": "${name LogGroupName 512}", "Arn": "${arn logs}log-group:${Ref}:*"},
	"AWS::SQS::Queue": {
		"Ref": "https://sqs.${region}.${suffix}/${account}/${QueueName}", "QueueUrl": "${Ref}", "QueueName": "${name QueueName 80}",
		"Arn": "${arn sqs}${QueueName}",
	},
	"AWS::SNS::Topic":        {"Ref": "${arn sns}${TopicName}", "TopicArn": "${Ref}", "TopicName": "${name TopicName 256}"},
	"AWS::Events::EventBus":  {"Ref": "${property Name}", "Name": "${Ref}", "Arn": "${arn events}event-bus/${Ref}"},
	"AWS::CloudWatch::Alarm": {"Ref": "${name AlarmName 255}", "Arn": "${arn cloudwatch}alarm:${Ref}"},

	// Seen: the API a1b2c3d4e5 and the resource abc123 in the documentation of the types.
	"AWS::ApiGateway::ApiKey":           {"Ref": "${lower 10}", "APIKeyId": "${Ref}"},
	"AWS::ApiGateway::Authorizer":       {"Ref": "${lower 6}", "AuthorizerId": "${Ref}"},
	"AWS::ApiGateway::Deployment":       {"Ref": "${lower 6}", "DeploymentId": "${Ref}"},
	"AWS::ApiGateway::Model":            {"Ref": "${name Name 128}"},
	"AWS::ApiGateway::RequestValidator": {"Ref": "${lower 6}", "RequestValidatorId": "${Ref}"},
	"AWS::ApiGateway::Resource":         {"Ref": "${lower 6}", "ResourceId": "${Ref}"},
	"AWS::ApiGateway::RestApi":          {"Ref": "${lower 10}", "RestApiId": "${Ref}", "RootResourceId": "${lower 6 root}"},
	"AWS::ApiGateway::Stage":            {"Ref": "${property StageName}"},
	"AWS::ApiGateway::UsagePlan":        {"Ref": "${lower 6}", "Id": "${Ref}"},
	"AWS::ApiGateway::VpcLink":          {"Ref": "${lower 6}", "VpcLinkId": "${Ref}"},

	// Seen: the handlers of these custom resources in aws-cdk-lib 2.270.0.
	// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
	typeNestedStack:               {"Ref": "${nested}"},
	typeCustomResource:            {"Ref": customName},
	typeExportWriter:              {"Ref": customName},
	typeExportReader:              {"Ref": customName},
	"Custom::CDKBucketDeployment": {"Ref": customName, "DestinationBucketArn": "${property DestinationBucketArn}"},
	"Custom::LogRetention":        {"Ref": "${property LogGroupName}", "LogGroupName": "${Ref}"},

	// Reads the ARN of an experimental.EdgeFunction from the parameter that the edge stack wrote.
	"Custom::CrossRegionStringParameterReader": {"Ref": customName, "FunctionArn": "${written}"},
}

// customName is the generated name of a custom resource.
const customName = "${name - 128}"

const (
	typeSSMParameter   = "AWS::SSM::Parameter"
	typeSecret         = "AWS::SecretsManager::Secret"
	typeNestedStack    = "AWS::CloudFormation::Stack"
	typeCustomResource = "AWS::CloudFormation::CustomResource"

	// typeExportWriter writes the exports of a stack into the parameter store of another
	// region; see writtenParameter. The reader has each import, a dynamic reference, under
	// its own name.
	typeExportWriter = "Custom::CrossRegionExportWriter"
	typeExportReader = "Custom::CrossRegionExportReader"
)

// maxParameterName is the longest name of an SSM parameter, in characters.
const maxParameterName = 1011
