package build

// A Rule is what findings of one kind have in common.
type Rule struct {
	Severity Severity
	Source   string
}

const (
	cloudFrontGuide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
	lambdaGuide     = "https://docs.aws.amazon.com/lambda/latest/dg/"
	accessToLambda  = cloudFrontGuide + "private-content-restricting-access-to-lambda.html"
	restrictions    = cloudFrontGuide + "lambda-at-edge-function-restrictions.html"
	streaming       = lambdaGuide + "configuration-response-streaming.html"
)

// Rules are the rules by name. docs/check.md explains them.
var Rules = map[string]Rule{
	"permission":        {Error, lambdaGuide + "urls-auth.html"},
	"permission-region": {Error, "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"},
	"api-permission":    {Error, "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html"},
	"api-stage":         {Error, "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-stages.html"},
	"unsigned-origin":   {Error, accessToLambda},
	"open-url":          {Warning, lambdaGuide + "urls-auth.html"},
	"second-url":        {Error, "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html"},
	"host-header":       {Error, cloudFrontGuide + "using-managed-origin-request-policies.html"},

	"unhashed-body":   {Warning, accessToLambda},
	"delete-body":     {Info, "https://github.com/anomalyco/sst/issues/6427"},
	"methods":         {Warning, cloudFrontGuide + "DownloadDistValuesCacheBehavior.html"},
	"cache-key":       {Warning, cloudFrontGuide + "understanding-the-cache-key.html"},
	"accept-encoding": {Info, "https://github.com/opennextjs/opennextjs-aws/issues/1127"},
	"origin-timeout":  {Info, cloudFrontGuide + "DownloadDistValuesOrigin.html"},
	"quota":           {Warning, cloudFrontGuide + "cloudfront-limits.html#limits-web-distributions"},
	"legacy-cache":    {Warning, "https://github.com/hashicorp/terraform-provider-aws/issues/17626"},

	"invoke-mode": {Warning, streaming},
	"vpc-stream":  {Warning, streaming},
	"runtime":     {Warning, lambdaGuide + "lambda-runtimes.html"},
	"layer":       {Warning, "https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html"},

	"edge-region":     {Error, restrictions},
	"edge-version":    {Error, restrictions},
	"edge-settings":   {Error, restrictions},
	"edge-role":       {Error, cloudFrontGuide + "lambda-edge-permissions.html"},
	"viewer-function": {Error, cloudFrontGuide + "cloudfront-function-restrictions.html"},
}
