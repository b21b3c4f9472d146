// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    makes the responses of the other parts, in JSON.
// Limits: a response has at most 40 KB.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
function reject(statusCode, statusDescription, error) {
  return {
    statusCode: statusCode,
    statusDescription: statusDescription,
    headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } },
    body: { encoding: 'text', data: JSON.stringify(error) },
  };
}
