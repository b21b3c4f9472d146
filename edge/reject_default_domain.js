// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js.
// Job:    rejects requests for the distribution's cloudfront.net name, or cloudfront.cn, so viewers use its domain names only.
// Limits: CloudFront itself can't turn that name off.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html

// Returns a response, or the request if it is for another name.
function rejectDefaultDomain(event) {
  const host = event.request.headers.host;
  // It ends with .cn in China. A dot at the end is the root of DNS, and a port may be empty.
  // See: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html and https://www.rfc-editor.org/rfc/rfc3986#section-3.2
  if (host && !/[.]cloudfront[.](net|cn)[.]*(:.*)?$/i.test(host.value)) return event.request;
  return reject(403, {
    message: "The cloudfront.net name isn't served.",
    code: 'default_domain',
    hint: 'Use the domain name of the service.',
  });
}
