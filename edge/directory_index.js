// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    serves a directory's index.html at its path with a slash, and redirects the path without one to it.
// Limits: 10 KB of code, no body, no network. Doesn't know which files exist, apart from those in `files`.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

// The paths of files without a dot in their name, as viewers encode them. The library fills them in.
const files = [];

function handler(event) {
  const request = event.request;
  const name = request.uri.split('/').pop();

  if (name === '') {
    request.uri += 'index.html';
  } else if (name.indexOf('.') < 0 && files.indexOf(request.uri) < 0) {
    // Relative links of the page need the slash. The location is relative, so no path leads to another host.
    const query = request.rawQueryString();
    const location = './' + name + '/' + (query ? '?' + query : '');
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: location } } };
  }
  return request;
}
