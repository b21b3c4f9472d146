// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js and after original_host.js.
// Job:    rejects headers that Lambda would reject with 413 and "Request must be smaller than 6291456 bytes".
// Limits: CloudFront adds more headers afterwards, such as its signature; how much Lambda accepts isn't documented.
// Source: https://github.com/anomalyco/sst/pull/6560 and https://github.com/anomalyco/sst/issues/5705

// In bytes. The library fills it in.
const maxHeaderSize = 0;

// Returns a response, or the request if no more bytes of headers are forwarded.
function limitHeaders(event) {
  const size = forwardedSize(event.request);
  if (size <= maxHeaderSize) return event.request;
  return reject(431, {
    message: 'The request has ' + size + ' bytes of headers, with those added at the edge.',
    code: 'headers_too_large',
    hint: 'Send fewer or smaller cookies, or a shorter token.',
    limit: maxHeaderSize + ' bytes of headers and cookies.',
  });
}

// Counts a line for each value, and one for all cookies. CloudFront replaces Host and Authorization.
function forwardedSize(request) {
  let size = 0;
  each(request.headers, (name, value) => {
    if (name !== 'host' && name !== 'authorization') size += (name + ': ' + value + '\r\n').length;
  });
  let cookies = '';
  each(request.cookies, (name, value) => {
    cookies += (cookies ? '; ' : 'cookie: \r\n') + name + '=' + value;
  });
  return size + cookies.length;
}

function each(fields, visit) {
  Object.keys(fields).forEach((name) => {
    (fields[name].multiValue || [fields[name]]).forEach((one) => visit(name, one.value));
  });
}
