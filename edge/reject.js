// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    makes the responses of the other parts, in JSON. Its shape is that of OpenAI's API, whose clients show the message.
// Limits: a response has at most 40 KB.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
function reject(status, error) {
  return {
    statusCode: status,
    headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } },
    body: JSON.stringify({ error: error }),
  };
}
