// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, after the constant cloudfurl, a list of steps.
// Job:    runs the steps: each gets the event, and returns the request to continue with or a response, which ends it.
// Limits: 10 KB of code with all steps. CloudFront itself reports a result that is neither a request nor a response.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
async function handler(event) {
  for (let i = 0; cloudfurl[i]; i++) {
    const result = await cloudfurl[i](event);
    if (!result || !result.headers || result.statusCode) return result;
    event.request = result;
  }
  return event.request;
}
