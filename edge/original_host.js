// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with viewer_request.js.
// Job:    passes on the viewer's Host and Authorization, which the origin's Host and OAC's signature replace, and removes forgeries.
// Limits: 10 KB of code, no body, no network. Removes Accept-Encoding: attach it only to behaviors that stream.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

// Only a proxy may say these, so frameworks believe them: that a request is for another host, scheme, port or path. The
// readers are listed in docs/web-apps.md.
const FORGED = /^((x-)?(forwarded(-.*)?|script-name)|front-end-https|cloudfront-forwarded-proto|x-(rewrite-url|host|real-ip|(url-)?scheme|original-(authorization|for(warded-.*)?|host|method|path|port|prefix|proto|request-uri|scheme|ur[il])))$/;

// The step before other people's code.
function removeForged(event) {
  const headers = event.request.headers;
  Object.keys(headers).forEach((name) => {
    // CGI and WSGI read underscores as hyphens. See: https://www.rfc-editor.org/rfc/rfc3875#section-4.1.18
    // CloudFront appends the viewer's address to X-Forwarded-For itself.
    if (name !== 'x-forwarded-for' && FORGED.test(name.replace(/_/g, '-'))) delete headers[name];
  });
  // CloudFront allows them no body. A fetch that follows a 303 after a POST sends the hash of the POST's.
  if (/^(GET|HEAD)$/.test(event.request.method)) delete headers['x-amz-content-sha256'];
  return event.request;
}

// The step after it.
function keepOriginals(event) {
  const headers = event.request.headers;
  keep(headers, 'host', 'x-original-host');
  keep(headers, 'host', 'x-forwarded-host');
  keep(headers, 'authorization', 'x-original-authorization');

  // A compressed stream ends in a 502, because the function URL removes its Content-Encoding. This is the last place to
  // ask for uncompressed bytes: Accept-Encoding is read-only at origin-request.
  // See: https://github.com/opennextjs/opennextjs-aws/issues/1127
  delete headers['accept-encoding'];

  return event.request;
}

// Of a repeated header only the first value is kept, so the handler sees one.
function keep(headers, from, to) {
  if (headers[from]) headers[to] = { value: headers[from].value };
  else delete headers[to];
}
