// Event:  Lambda@Edge, origin-request with the body included, runtime nodejs22.x or later, in us-east-1.
// Job:    sets x-amz-content-sha256 to the body's SHA-256: OAC signs the header without reading the body, and Lambda checks it.
// Limits: gets the first 1 MB of the body, as base64; CloudFront forwards all of it. A body that isn't complete here is never hashed.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
'use strict';

const { createHash } = require('node:crypto');

const HASH = 'x-amz-content-sha256';
const WITHOUT_BODY = new Set(['GET', 'HEAD']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const NOTHING_SHOWN = { data: '', encoding: 'base64', inputTruncated: false };

exports.handler = async (event) => {
  try {
    return decide(event.Records[0].cf);
  } catch (error) {
    const requestId = event?.Records?.[0]?.cf?.config?.requestId;
    console.error(JSON.stringify({ level: 'ERROR', function: 'body_hasher', requestId, message: error.message }));
    return reject(error instanceof Repeated ? 'header_repeated' : 'unexpected_request');
  }
};

// Returns the request to forward, or a response to return instead. Throws if the event is invalid.
function decide({ config, request }) {
  expect(config.eventType === 'origin-request', 'the event is not an origin-request');
  const { method, headers, body = NOTHING_SHOWN } = request;
  expect(typeof method === 'string' && method !== '', 'the request has no method');
  if (WITHOUT_BODY.has(method)) {
    // A fetch that follows a 303 after a POST sends the hash of the POST's body. OAC signs a GET without one.
    delete headers[HASH];
    return request;
  }

  const { data, encoding, inputTruncated } = body;
  expect(typeof data === 'string', 'body.data is not a string');
  expect(encoding === 'base64', 'body.encoding is not base64');
  expect(typeof inputTruncated === 'boolean', 'body.inputTruncated is not a boolean');

  // The viewer's own hash. If the body isn't complete here, the header is forwarded unchanged for Lambda to check.
  const sent = only(headers, HASH);
  const declared = /^[0-9a-f]{64}$/i.test(sent) ? sent : undefined;
  const length = only(headers, 'content-length');
  expect(length === undefined || /^[0-9]+$/.test(length), 'content-length is not a number');

  if (inputTruncated) return declared ? request : reject('body_too_large');

  if (data === '') {
    // Seen: the body of a DELETE is missing here, although the guide lists DELETE among the methods with a body. The guide
    // doesn't say whether that of an OPTIONS is here.
    // See: https://github.com/anomalyco/sst/pull/6430
    const announced = Number(length) > 0 || headers['transfer-encoding'] !== undefined;
    if (announced) return declared ? request : reject('body_not_shown');
    // Inferred: the guide requires a hash for PUT and POST only; without a body, OAC signs other methods like GET. And a
    // viewer that knows the hash of a body knows its length, so without one there is no body.
    if (!WITH_BODY.has(method) && !declared) {
      delete headers[HASH];
      return request;
    }
  }

  const { hash, bytes } = sha256(data);
  expect(data.length % 4 === 0 && bytes === Buffer.byteLength(data, 'base64'), 'body.data is not valid base64');
  expect(length === undefined || Number(length) === bytes, `content-length is ${length}, but the body in the event has ${bytes} bytes`);

  // SigV4 writes hashes in lower case; an upper-case hash from a viewer is equivalent.
  if (declared && declared.toLowerCase() !== hash) return reject('body_hash_mismatch');
  headers[HASH] = [{ key: HASH, value: hash }];
  return request;
}

// Decodes piece by piece into one buffer that stays in the CPU's cache, which is faster than allocating a buffer for the
// whole body, and counts the bytes, which update(data, 'base64') doesn't. PIECE is a multiple of 4 characters, so no
// piece ends inside a byte.
const PIECE = 128 * 1024;
const decoded = Buffer.allocUnsafeSlow((PIECE / 4) * 3);

function sha256(base64) {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let at = 0; at < base64.length; at += PIECE) {
    const written = decoded.write(base64.slice(at, at + PIECE), 'base64');
    hash.update(decoded.subarray(0, written));
    bytes += written;
  }
  return { hash: hash.digest('hex'), bytes };
}

function expect(condition, otherwise) {
  if (!condition) throw new Error(otherwise);
}

class Repeated extends Error {}

// Returns the value of a header that may occur once; undefined if it is absent.
function only(headers, name) {
  const values = headers[name];
  if (values === undefined) return undefined;
  if (values.length > 1) throw new Repeated(`${name} was sent ${values.length} times`);
  expect(typeof values[0].value === 'string', `${name} has no value`);
  return values[0].value;
}

// The 1 MB is CloudFront's. See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
// The 6 MB are Lambda's. See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const LIMIT = '1 MB of body is hashed at the edge; if the viewer sends the hash, 6 MB, where a binary body counts in base64.';
const SEND_HASH = `Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as ${HASH}`;

const REJECTIONS = {
  body_hash_mismatch: {
    status: ['400', 'Bad Request'],
    message: `The SHA-256 of the body differs from ${HASH}.`,
    hint: `${SEND_HASH}, with its Content-Length, or omit the header: it is then computed at the edge.`,
  },
  header_repeated: {
    status: ['400', 'Bad Request'],
    message: `${HASH} or content-length was sent more than once, so it is ambiguous.`,
    hint: 'Send each of them once.',
  },
  body_not_shown: {
    status: ['411', 'Length Required'],
    message: "The request has a body, but CloudFront didn't pass it to the edge function, so its hash can't be computed.",
    hint: `${SEND_HASH}, or use POST, PUT or PATCH with a Content-Length. If that fails too, body_hasher is attached without "Include body".`,
  },
  body_too_large: {
    status: ['413', 'Content Too Large'],
    message: "CloudFront passes only the beginning of a body this large to the edge function, so its hash can't be computed.",
    hint: `${SEND_HASH}, or upload the body elsewhere, for example to Amazon S3 with a presigned URL.`,
    limit: LIMIT,
  },
  unexpected_request: {
    status: ['500', 'Internal Server Error'],
    message: "body_hasher got an event that it doesn't understand, and forwarded nothing.",
    hint: 'See the log of body_hasher, in the AWS Region nearest to the viewer.',
  },
};

// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses-in-requests.html
function reject(code) {
  const { status, message, hint, limit } = REJECTIONS[code];
  return {
    status: status[0],
    statusDescription: status[1],
    headers: {
      'content-type': [{ key: 'content-type', value: 'application/json' }],
      'cache-control': [{ key: 'cache-control', value: 'no-store' }],
    },
    body: JSON.stringify({ error: { message, code, hint, limit } }),
  };
}
