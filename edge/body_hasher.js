// Event:  Lambda@Edge, origin-request with the body included, runtime nodejs22.x or later, in us-east-1.
// Job:    sets x-amz-content-sha256 to the body's SHA-256, which OAC signs without reading the body and Lambda checks.
// Limits: 1 MB of body is shown here, as base64; all of it is sent on. A body not seen whole is never hashed.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
'use strict';

const { createHash } = require('node:crypto');

const HASH = 'x-amz-content-sha256';
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const NOTHING_SHOWN = { data: '', encoding: 'base64', inputTruncated: false };

exports.handler = async (event) => {
  try {
    return decide(event.Records[0].cf);
  } catch (error) {
    const requestId = event?.Records?.[0]?.cf?.config?.requestId;
    console.error(JSON.stringify({ level: 'ERROR', function: 'body_hasher', requestId, message: error.message }));
    return refuse(error instanceof Repeated ? 'header_repeated' : 'unexpected_request');
  }
};

// Returns the request for CloudFront to forward, or a response to give instead. Throws on what it does not understand.
function decide({ config, request }) {
  expect(config.eventType === 'origin-request', 'the event is not an origin-request');
  const { method, headers, body = NOTHING_SHOWN } = request;
  expect(typeof method === 'string' && method !== '', 'the request has no method');
  if (WITHOUT_BODY.has(method)) return request;

  const { data, encoding, inputTruncated } = body;
  expect(typeof data === 'string', 'body.data is not a string');
  expect(encoding === 'base64', 'body.encoding is not base64');
  expect(typeof inputTruncated === 'boolean', 'body.inputTruncated is not a boolean');

  // The viewer's own hash. Of a body not seen whole it goes on exactly as it came, for Lambda to check.
  const sent = only(headers, HASH);
  const declared = /^[0-9a-f]{64}$/i.test(sent) ? sent : undefined;
  const length = only(headers, 'content-length');
  expect(length === undefined || /^[0-9]+$/.test(length), 'content-length is not a number');

  if (inputTruncated) return declared ? request : refuse('body_too_large');

  if (data === '') {
    // Seen: the body of a DELETE is not shown here, whatever the guide says. See: https://github.com/anomalyco/sst/pull/6430
    const announced = Number(length) > 0 || headers['transfer-encoding'] !== undefined;
    if (announced) return declared ? request : refuse('body_not_shown');
    // Inferred: the guide asks for a hash with PUT and POST only; without a body, OAC signs the rest as it signs a GET.
    if (!WITH_BODY.has(method)) return request;
  }

  const { hash, bytes } = sha256(data);
  expect(data.length % 4 === 0 && bytes === Buffer.byteLength(data, 'base64'), 'body.data is not valid base64');
  expect(length === undefined || Number(length) === bytes, `content-length is ${length}, but the body shown has ${bytes} bytes`);

  // SigV4 writes hashes in lower case; a viewer that writes its own in upper case means the same.
  if (declared && declared.toLowerCase() !== hash) return refuse('body_hash_mismatch');
  headers[HASH] = [{ key: HASH, value: hash }];
  return request;
}

// Decodes piece by piece into one buffer that stays in the CPU's cache, which is faster than a new buffer as large as
// the body, and counts the bytes, which update(data, 'base64') does not. A multiple of 4 characters, so that no piece
// ends inside a byte.
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

// Returns the value of a header that must not come twice; undefined without one.
function only(headers, name) {
  const values = headers[name];
  if (values === undefined) return undefined;
  if (values.length > 1) throw new Repeated(`${name} came ${values.length} times`);
  expect(typeof values[0].value === 'string', `${name} has no value`);
  return values[0].value;
}

// The 1 MB is CloudFront's. See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
// The 6 MB are Lambda's. See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const LIMIT = '1 MB of body is hashed at the edge; with its hash from the viewer, 6 MB, where binary counts as base64.';
const SEND_HASH = `Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as ${HASH}`;

const REFUSALS = {
  body_hash_mismatch: {
    status: ['400', 'Bad Request'],
    message: `The body is not the one that ${HASH} declares.`,
    remedy: `${SEND_HASH}, or leave the header out to have it computed here.`,
  },
  header_repeated: {
    status: ['400', 'Bad Request'],
    message: `${HASH} or content-length came more than once, so it is unclear which one to believe.`,
    remedy: 'Send each of them once.',
  },
  body_not_shown: {
    status: ['411', 'Length Required'],
    message: 'The request announces a body, but CloudFront shows none at the edge, so its hash cannot be computed here.',
    remedy: `${SEND_HASH}, or use POST, PUT or PATCH with a Content-Length. If that fails too, body_hasher is attached without "Include body".`,
  },
  body_too_large: {
    status: ['413', 'Content Too Large'],
    message: 'CloudFront shows only the beginning of a body this large at the edge, so its hash cannot be computed here.',
    remedy: `${SEND_HASH}, or upload the body elsewhere, for example to Amazon S3 with a presigned URL.`,
  },
  unexpected_request: {
    status: ['500', 'Internal Server Error'],
    message: 'The request did not reach the edge in a form that body_hasher understands, so nothing was forwarded.',
    remedy: 'Look for the reason in the log of body_hasher, in the Region nearest to the viewer.',
  },
};

// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses-in-requests.html
function refuse(error) {
  const { status, message, remedy } = REFUSALS[error];
  return {
    status: status[0],
    statusDescription: status[1],
    headers: {
      'content-type': [{ key: 'content-type', value: 'application/json' }],
      'cache-control': [{ key: 'cache-control', value: 'no-store' }],
    },
    body: JSON.stringify({ error, message, limit: LIMIT, remedy }),
  };
}
