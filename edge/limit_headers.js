// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js and after original_host.js.
// Job:    rejects headers that Lambda would reject with 413 and "Request must be smaller than 6291456 bytes".
// Limits: CloudFront adds more headers afterwards, such as its signature; how much Lambda accepts isn't documented.
// Source: https://github.com/anomalyco/sst/pull/6560 and https://github.com/anomalyco/sst/issues/5705

// Returns a response, or the request if at most max bytes of headers are forwarded. A response stays as it is.
function limitHeaders(request, max) {
  const size = request.statusCode ? 0 : forwardedSize(request);
  if (size <= max) return request;
  return reject(431, 'Request Header Fields Too Large', {
    error: 'headers_too_large',
    message: 'The request has ' + size + ' bytes of headers, with those added at the edge.',
    limit: max + ' bytes of headers and cookies.',
    remedy: 'Send fewer or smaller cookies, or a shorter token.',
  });
}

// Counts a line for each value, and one for all cookies. CloudFront replaces Host and Authorization.
function forwardedSize(request) {
  let size = 0;
  Object.keys(request.headers).forEach((name) => {
    if (name === 'host' || name === 'authorization') return;
    values(request.headers[name]).forEach((value) => {
      size += name.length + ': '.length + value.length + '\r\n'.length;
    });
  });
  const cookies = [];
  Object.keys(request.cookies).forEach((name) => {
    values(request.cookies[name]).forEach((value) => cookies.push(name + '=' + value));
  });
  return cookies.length === 0 ? size : size + 'cookie: \r\n'.length + cookies.join('; ').length;
}

function values(field) {
  return field.multiValue ? field.multiValue.map((one) => one.value) : [field.value];
}
