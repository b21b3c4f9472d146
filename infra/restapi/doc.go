// Package restapi defines REST APIs of Amazon API Gateway whose responses stream, by
// themselves or behind CloudFront.
//
//	api := restapi.NewStreamingRestApi(stack, jsii.String("Api"), &restapi.StreamingRestApiProps{
//		Handler:       infra.GoHandler("./handler"),
//		Authorization: restapi.Authorization_API_KEY,
//	})
//	infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: api.Origin(nil)})
//
// docs/choosing.md compares them with function URLs.
//
// It isn't a part of infra, which would take other apps a third longer to compile:
// awsapigateway brings 30 packages, of Cognito, Glue, SageMaker and more.
//
// # Who may call
//
// Origin access control has no type for API Gateway, so CloudFront can't sign its
// requests, and an API behind a distribution can't have Authorization_IAM. What keeps
// others out is a secret that CloudFront adds to its requests. With
// Authorization_API_KEY that is an API key in x-api-key: Secrets Manager generates it,
// and CloudFormation resolves it in the API's key and in the distribution, so no
// template has it. CloudFront overwrites what a viewer sends in that header. Without
// the key API Gateway responds with 403, and the function isn't invoked.
//
// AWS advises against API keys for authentication and authorization: a key opens every
// API of its usage plans, and who has it can't be told from another. This one has a plan
// and a stage of its own, and says that a request came by the distribution, not who sent
// it: that remains the handler's to check. Principals that may read the distribution's
// configuration, the API's keys or the secret can read it, and the handler gets it: in
// x-api-key and in the event. Don't log these.
//
// The alternatives are a web ACL at the stage that compares a header (awswafv2, billed
// monthly and by request), a comparison in the handler, which is invoked and billed for what
// it rejects, and a resource policy: that can compare aws:Referer and aws:UserAgent,
// but no header of one's own, and CloudFront would overwrite the viewer's.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html#apigateway-usage-plans-best-practices
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
//
// # What reaches the handler, and the viewer
//
// Behind an Endpoint the path is without the stage, X-Original-Host and X-Forwarded-Host
// are the viewer's host, and Authorization is the viewer's own. No body is hashed, so
// there is no Lambda@Edge function.
//
// API Gateway renames WWW-Authenticate in responses to
// X-Amzn-Remapped-Www-Authenticate, as function URLs do.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
package restapi
