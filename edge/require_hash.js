// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js.
// Job:    rejects bodies whose SHA-256 the viewer didn't send: OAC signs it, and Lambda responds with a bare 403 without it.
// Limits: sees no body, so it can't tell whether the hash is right; Lambda does. HTTP/2 bodies may have no Content-Length.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
const HASH = 'x-amz-content-sha256';
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

// Returns a response, or the request if it can be signed.
function requireHash(event) {
  const headers = event.request.headers;
  // CloudFront allows them no body. A fetch that follows a 303 after a POST sends the hash of the POST's, which is deleted.
  const sent = /^(GET|HEAD)$/.test(event.request.method) ? undefined : headers[HASH];
  if (sent && sent.multiValue) {
    return reject(400, {
      message: HASH + ' was sent more than once, so it is ambiguous.',
      code: 'header_repeated',
      hint: 'Send it once.',
    });
  }
  if (sent && /^[0-9a-f]{64}$/i.test(sent.value)) {
    // SigV4 writes hashes in lower case; an upper-case hash from a viewer is equivalent.
    headers[HASH] = { value: sent.value.toLowerCase() };
    return event.request;
  }
  delete headers[HASH];

  const length = headers['content-length'];
  const empty = length && /^0+$/.test(length.value);
  const announced = headers['transfer-encoding'] || (length && !empty);
  const signed = /^(POST|PUT|PATCH)$/.test(event.request.method);
  if (announced || (signed && !empty)) {
    // The 6 MB are Lambda's. See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    return reject(411, {
      message: 'The request can have a body, and the viewer has to send its SHA-256 here.',
      code: 'body_hash_missing',
      hint: 'Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as ' + HASH + ', or Content-Length: 0 without a body.',
      limit: '6 MB of body, where a binary body counts in base64.',
    });
  }
  if (signed) headers[HASH] = { value: HASH_OF_NOTHING };
  return event.request;
}
