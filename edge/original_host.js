// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0.
// Job:    copies the viewer's Host and Authorization to X-Original-*: the origin's Host and OAC's signature replace them.
// Limits: 10 KB of code, no body, no network. Removes Accept-Encoding: attach it only to behaviours that stream.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
function handler(event) {
  const request = event.request;
  const headers = request.headers;

  keep(headers, 'host', 'x-original-host');
  keep(headers, 'authorization', 'x-original-authorization');
  Object.keys(headers).forEach((name) => {
    if (imitates(name)) delete headers[name];
  });

  // A compressed stream ends in a 502, because the function URL removes its Content-Encoding. This is the last place to
  // ask for uncompressed bytes: Accept-Encoding is read-only at origin-request.
  // See: https://github.com/opennextjs/opennextjs-aws/issues/1127
  delete headers['accept-encoding'];

  return request;
}

// The header `to` is replaced as a whole, because a remaining multiValue array would override value. Of a repeated
// header only the first value is kept, so the handler sees one.
function keep(headers, from, to) {
  if (headers[from]) {
    headers[to] = { value: headers[from].value };
  } else {
    delete headers[to];
  }
}

// X_Original_Host is X-Original-Host to handlers behind adapters that read underscores as hyphens, such as CGI and WSGI.
// See: https://www.rfc-editor.org/rfc/rfc3875#section-4.1.18
function imitates(name) {
  const hyphenated = name.split('_').join('-');
  return hyphenated !== name && (hyphenated === 'x-original-host' || hyphenated === 'x-original-authorization');
}
