// Package restapi emulates a REST API of API Gateway in front of Lambda: it finds
// the method of a request, checks signature, resource policy, API key and the
// permission of the function, invokes that with an event of payload format 1.0, and
// turns what it returns into a response, buffered or streamed, with AWS's limits and
// errors. Methods with a mock integration respond by themselves.
//
// Left out: TLS, custom domain names, authorizers, request validation and models,
// mapping templates, gateway responses, usage plans, caching, compression, throttling, quotas,
// canaries, X-HTTP-Method-Override, limits on URLs and headers, and what an
// edge-optimized API's CloudFront adds to requests.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
// "Seen: recorded" stands for AWS's responses and events that LocalStack's tests have
// recorded (tests/aws/services/apigateway, *.snapshot.json).
package restapi
