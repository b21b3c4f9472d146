// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    serves /index.html at every path whose last segment has no dot: the routes of a single-page app.
// Limits: 10 KB of code, no body, no network. Attach it only to behaviors of files: it would hide an API.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

// The paths of files without a dot in their name, as viewers encode them. The library fills them in.
const files = [];

function handler(event) {
  const request = event.request;
  const name = request.uri.split('/').pop();

  if (name.indexOf('.') < 0 && files.indexOf(request.uri) < 0) request.uri = '/index.html';
  return request;
}
