// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js.
// Job:    rejects bodies whose SHA-256 the viewer didn't send: OAC signs it, and Lambda responds with a bare 403 without it.
// Limits: sees no body, so it can't tell whether the hash is right; Lambda does. HTTP/2 bodies may have no Content-Length.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
const HASH = 'x-amz-content-sha256';
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

// Returns a response, or undefined if the request can be signed.
function requireHash(request) {
  const headers = request.headers;
  const method = request.method;
  // CloudFront allows them no body. A fetch that follows a 303 after a POST sends the hash of the POST's, which is deleted.
  const sent = method === 'GET' || method === 'HEAD' ? undefined : headers[HASH];
  if (sent && sent.multiValue) return rejectRepeatedHash();
  if (sent && /^[0-9a-f]{64}$/i.test(sent.value)) {
    // SigV4 writes hashes in lower case; an upper-case hash from a viewer is equivalent.
    headers[HASH] = { value: sent.value.toLowerCase() };
    return undefined;
  }
  delete headers[HASH];

  const length = headers['content-length'];
  const empty = length && /^0+$/.test(length.value);
  const announced = headers['transfer-encoding'] || (length && !empty);
  const signed = method === 'POST' || method === 'PUT' || method === 'PATCH';
  if (announced || (signed && !empty)) return rejectUnhashed();
  if (signed) headers[HASH] = { value: HASH_OF_NOTHING };
  return undefined;
}

// The 6 MB are Lambda's. See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const BODY_LIMIT = '6 MB of body, where a binary body counts in base64.';

function rejectUnhashed() {
  return reject(411, 'Length Required', {
    error: 'body_hash_missing',
    message: 'The request can have a body, and the viewer has to send its SHA-256 here.',
    limit: BODY_LIMIT,
    remedy: 'Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as ' + HASH + ', or Content-Length: 0 without a body.',
  });
}

function rejectRepeatedHash() {
  return reject(400, 'Bad Request', {
    error: 'header_repeated',
    message: HASH + ' was sent more than once, so it is ambiguous.',
    limit: BODY_LIMIT,
    remedy: 'Send it once.',
  });
}
