package build

// A Rule is what findings of one kind have in common.
type Rule struct {
	Severity Severity
	Source   string
}

// Rules are the rules by name. docs/check.md explains them.
var Rules = map[string]Rule{
	"permission":        {Error, "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"},
	"permission-region": {Error, "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"},
	"api-permission":    {Error, "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html"},
	"api-stage":         {Error, "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-stages.html"},
	"unsigned-origin":   {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html"},
	"open-url":          {Warning, "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"},
	"second-url":        {Error, "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html"},
	"host-header":       {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"},

	"unhashed-body":   {Warning, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html"},
	"delete-body":     {Info, "https://github.com/anomalyco/sst/issues/6427"},
	"methods":         {Warning, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"},
	"cache-key":       {Warning, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html"},
	"authorization":   {Warning, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html"},
	"accept-encoding": {Info, "https://github.com/opennextjs/opennextjs-aws/issues/1127"},
	"origin-timeout":  {Info, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html"},
	"quota":           {Warning, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions"},
	"legacy-cache":    {Warning, "https://github.com/hashicorp/terraform-provider-aws/issues/17626"},

	"invoke-mode": {Warning, "https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html"},
	"vpc-stream":  {Warning, "https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html"},
	"runtime":     {Warning, "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"},
	"layer":       {Warning, "https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html"},

	"edge-region":     {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"},
	"edge-version":    {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"},
	"edge-settings":   {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"},
	"edge-role":       {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html"},
	"unchecked":       {Info, ""},
	"viewer-function": {Error, "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-function-restrictions.html"},

	"stack-status":  {Warning, "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html"},
	"stale-version": {Warning, "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html"},
	"drift":         {Warning, "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html"},
	"deleted":       {Error, "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html"},
}
