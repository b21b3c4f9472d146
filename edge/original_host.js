// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    keeps the viewer's Host and Authorization under X-Original-*: the origin's Host and OAC's signature take their place.
// Limits: 10 KB of code, no body, no network. Drops Accept-Encoding, so attach it only to behaviours that stream.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
function handler(event) {
  const request = event.request;
  const headers = request.headers;

  keep(headers, 'host', 'x-original-host');
  keep(headers, 'authorization', 'x-original-authorization');

  // A handler that compresses what it streams ends in 502s: the function URL takes Content-Encoding away again.
  // Here is the last place to ask for plain bytes, as Accept-Encoding is read-only at origin-request.
  // See: https://github.com/opennextjs/opennextjs-aws/issues/1127
  delete headers['accept-encoding'];

  return request;
}

// What the viewer sent as `to` never passes. It is replaced as a whole, because a multiValue array that is left in
// place wins over value; and of a header sent twice only the first value is kept, so that the handler sees one.
function keep(headers, from, to) {
  if (headers[from]) {
    headers[to] = { value: headers[from].value };
  } else {
    delete headers[to];
  }
}
