import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';

import { freeze, originRequest } from './events.mjs';

const { handler } = createRequire(import.meta.url)('../../edge/body_hasher.js');

const HASH = 'x-amz-content-sha256';
const MB = 1024 * 1024;
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const text = Buffer.from('{"hello":"world"}');

/** Runs the function and checks that it forwards the request with this one header set, and nothing else changed. */
async function hashes(event, want) {
  const expected = structuredClone(event.Records[0].cf.request);
  expected.headers[HASH] = [{ key: HASH, value: want }];
  assert.deepEqual(await handler(event), expected);
}

/** Runs the function on a frozen event and checks that it forwards the request unchanged. */
async function leaves(event) {
  const before = structuredClone(event.Records[0].cf.request);
  const result = await handler(freeze(event));
  assert.equal(result, event.Records[0].cf.request);
  assert.deepEqual(result, before);
}

/** Runs the function and checks that it returns a valid response instead of the request. */
async function rejects(event, status, code) {
  const response = await handler(freeze(event));
  assert.deepEqual(Object.keys(response).sort(), ['body', 'headers', 'status', 'statusDescription']);
  assert.equal(response.status, status);
  assert.match(response.statusDescription, /^[A-Z][A-Za-z ]+$/);
  assert.deepEqual(response.headers, {
    'content-type': [{ key: 'content-type', value: 'application/json' }],
    'cache-control': [{ key: 'cache-control', value: 'no-store' }],
  });
  const answer = JSON.parse(response.body);
  assert.deepEqual(Object.keys(answer), ['error']);
  assert.deepEqual(Object.keys(answer.error), ['message', 'code', 'hint', ...(code === 'body_too_large' ? ['limit'] : [])]);
  assert.equal(answer.error.code, code);
  for (const part of Object.keys(answer.error)) if (part !== 'code') assert.match(answer.error[part], /^\S.+\.$/, `${part} is a sentence`);
  return answer.error;
}

/** Runs the function and checks that it rejects the request and says why in one line of JSON, without any of the body. */
async function failsClosed(t, event, reason, [status, code] = ['500', 'unexpected_request']) {
  const log = t.mock.method(console, 'error', () => {});
  await rejects(event, status, code);
  assert.equal(log.mock.callCount(), 1);
  const [line] = log.mock.calls[0].arguments;
  assert.ok(!line.includes('\n'));
  assert.ok(!line.includes(text.toString()) && !line.includes(text.toString('base64')), 'the log holds the body');
  const entry = JSON.parse(line);
  assert.equal(entry.level, 'ERROR');
  assert.equal(entry.function, 'body_hasher');
  assert.match(entry.message, reason);
  return entry;
}

describe('body_hasher leaves a request without a body as it is', () => {
  const unannounced = { 'Content-Length': undefined };
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PURGE']) {
    test(method, () => leaves(originRequest({ method, headers: unannounced })));
    test(`${method} with content-length: 0`, () => leaves(originRequest({ method })));
    test(`${method} without a body object`, () => {
      const event = originRequest({ method, headers: unannounced });
      delete event.Records[0].cf.request.body;
      return leaves(event);
    });
  }
  for (const method of ['GET', 'HEAD']) {
    test(`${method} with a body, which CloudFront rejects`, () => leaves(originRequest({ method, body: text })));
  }
});

/** Runs the function and checks that it forwards the request without this one header, and nothing else changed. */
async function unhashes(event) {
  const expected = structuredClone(event.Records[0].cf.request);
  delete expected.headers[HASH];
  assert.deepEqual(await handler(event), expected);
}

// A fetch that follows a 303 after a POST sends the POST's headers, but not its body.
describe('body_hasher deletes the hash of a GET', () => {
  for (const method of ['GET', 'HEAD']) {
    for (const value of [EMPTY, sha256(text), 'UNSIGNED-PAYLOAD', [EMPTY, sha256(text)]]) {
      test(`${method}, ${value}`, () => unhashes(originRequest({ method, headers: { [HASH]: value } })));
    }
  }
});

describe('body_hasher checks the hash that the viewer sent without a body', () => {
  for (const method of ['OPTIONS', 'DELETE']) {
    for (const length of ['0', undefined]) {
      const event = (hash) => originRequest({ method, headers: { 'Content-Length': length, [HASH]: hash } });
      test(`right, with ${method} and content-length ${length}`, () => hashes(event(EMPTY.toUpperCase()), EMPTY));
      test(`wrong, with ${method} and content-length ${length}`, () => rejects(event(sha256(text)), '400', 'body_hash_mismatch'));
      test(`not a hash, with ${method} and content-length ${length}`, () => unhashes(event('UNSIGNED-PAYLOAD')));
    }
  }
});

describe('body_hasher hashes the raw bytes of a whole body', () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE']) {
    test(method, () => hashes(originRequest({ method, body: text }), sha256(text)));
  }
  const bodies = {
    'one byte': Buffer.from([0]),
    'two bytes': Buffer.from([0xff, 0xfe]),
    'all 256 byte values': Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    'invalid UTF-8': Buffer.from([0xc3, 0x28, 0xa0, 0xa1, 0xe2, 0x28, 0xa1, 0xf0, 0x28, 0x8c, 0xbc, 0xed, 0xa0, 0x80]),
    'a UTF-8 byte order mark': Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    'multi-byte text': Buffer.from('héllo, 世界 🌍\r\n'),
    '96 KiB, one piece of the decoder': randomBytes(96 * 1024),
    '96 KiB less a byte': randomBytes(96 * 1024 - 1),
    '96 KiB and a byte': randomBytes(96 * 1024 + 1),
    '192 KiB, two pieces': randomBytes(192 * 1024),
    '1 MB less a byte': randomBytes(MB - 1),
    'exactly 1 MB': randomBytes(MB),
  };
  for (const [name, body] of Object.entries(bodies)) {
    test(name, () => hashes(originRequest({ body }), sha256(body)));
  }
  test('one after the other, independent of the previous one', async () => {
    for (const size of [400_000, 5, 0, 100_000, 98_304]) {
      const body = randomBytes(size);
      await hashes(originRequest({ body }), sha256(body));
    }
  });
  test('of unknown length', () =>
    hashes(originRequest({ body: text, headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' } }), sha256(text)));
});

describe('body_hasher hashes an empty body as zero bytes', () => {
  for (const method of ['POST', 'PUT', 'PATCH']) {
    test(`${method} with content-length: 0`, () => hashes(originRequest({ method }), EMPTY));
    test(`${method} without content-length`, () => hashes(originRequest({ method, headers: { 'Content-Length': undefined } }), EMPTY));
  }
  test('POST without a body object', () => {
    const event = originRequest({ headers: { 'Content-Length': undefined } });
    delete event.Records[0].cf.request.body;
    return hashes(event, EMPTY);
  });
});

describe('body_hasher checks the hash that the viewer sent of a whole body', () => {
  test('right', () => hashes(originRequest({ body: text, headers: { [HASH]: sha256(text) } }), sha256(text)));
  test('right in upper case, and sends it on in lower case', () =>
    hashes(originRequest({ body: text, headers: { 'X-Amz-Content-Sha256': sha256(text).toUpperCase() } }), sha256(text)));
  test('wrong', async () => {
    const answer = await rejects(originRequest({ body: text, headers: { [HASH]: EMPTY } }), '400', 'body_hash_mismatch');
    assert.match(answer.message, /x-amz-content-sha256/);
  });
  test('wrong for an empty body', () => rejects(originRequest({ headers: { [HASH]: sha256(text) } }), '400', 'body_hash_mismatch'));
  test('wrong for a DELETE', () =>
    rejects(originRequest({ method: 'DELETE', body: text, headers: { [HASH]: EMPTY } }), '400', 'body_hash_mismatch'));

  const noHashes = ['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '', EMPTY.slice(1), `${EMPTY}0`, `${EMPTY}\n`, `g${EMPTY.slice(1)}`, `${EMPTY},${EMPTY}`];
  for (const value of noHashes) {
    test(`not a hash: ${JSON.stringify(value)}`, () => hashes(originRequest({ body: text, headers: { [HASH]: value } }), sha256(text)));
  }
});

describe('body_hasher never hashes a body that was cut', () => {
  const cut = (headers = {}) =>
    originRequest({ body: randomBytes(MB), headers: { 'Content-Length': String(3 * MB), ...headers }, shown: { inputTruncated: true } });

  test('with a hash from the viewer', () => leaves(cut({ [HASH]: sha256(randomBytes(3)) })));
  test('with a hash in upper case, which Lambda checks', () => leaves(cut({ [HASH]: sha256(text).toUpperCase() })));
  test('without one', async () => {
    const answer = await rejects(cut(), '413', 'body_too_large');
    assert.match(answer.limit, /\b1 MB\b.*\b6 MB\b/);
    assert.match(answer.hint, /SHA-256.*x-amz-content-sha256.*upload/);
  });
  test('with UNSIGNED-PAYLOAD', () => rejects(cut({ [HASH]: 'UNSIGNED-PAYLOAD' }), '413', 'body_too_large'));
  test('for a DELETE', () => {
    const event = cut();
    event.Records[0].cf.request.method = 'DELETE';
    return rejects(event, '413', 'body_too_large');
  });
});

// A bug that others shipped: https://github.com/anomalyco/sst/issues/6427
describe('body_hasher never hashes a body that was announced but is missing', () => {
  for (const method of ['DELETE', 'OPTIONS', 'POST', 'PURGE']) {
    for (const announced of [{ 'Content-Length': '17' }, { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' }]) {
      const name = `${method} with ${JSON.stringify(announced)}`;
      test(name, async () => {
        const answer = await rejects(originRequest({ method, headers: announced }), '411', 'body_not_shown');
        assert.match(answer.hint, /x-amz-content-sha256.*Include body/);
      });
      test(`${name} and a hash from the viewer`, () => leaves(originRequest({ method, headers: { ...announced, [HASH]: sha256(text) } })));
      test(`${name} and UNSIGNED-PAYLOAD`, () =>
        rejects(originRequest({ method, headers: { ...announced, [HASH]: 'UNSIGNED-PAYLOAD' } }), '411', 'body_not_shown'));
    }
  }
  test('POST without a body object', () => {
    const event = originRequest({ headers: { 'Content-Length': '17' } });
    delete event.Records[0].cf.request.body;
    return rejects(event, '411', 'body_not_shown');
  });
});

describe('body_hasher fails closed, and logs why', () => {
  const change = (edit, options = { body: text }) => {
    const event = originRequest(options);
    edit(event.Records[0].cf.request, event.Records[0].cf, event);
    return event;
  };
  const events = {
    'an event of another trigger': [change((_, cf) => (cf.config.eventType = 'viewer-request')), /not an origin-request/],
    'no config': [change((_, cf) => delete cf.config), /eventType/],
    'no request': [change((_, cf) => delete cf.request), /./],
    'no records': [change((_request, _cf, event) => (event.Records = [])), /cf/],
    'no event': [undefined, /Records/],
    'no method': [change((request) => delete request.method), /no method/],
    'an empty method': [change((request) => (request.method = '')), /no method/],
    'no headers': [change((request) => delete request.headers), /./],
    'a body that is null': [change((request) => (request.body = null)), /./],
    'a body that is a string': [change((request) => (request.body = 'text')), /body\.data/],
    'no data': [change((request) => delete request.body.data), /body\.data/],
    'data of another type': [change((request) => (request.body.data = 17)), /body\.data/],
    'no encoding': [change((request) => delete request.body.encoding), /body\.encoding/],
    'an encoding that is not base64': [change((request) => (request.body.encoding = 'text')), /body\.encoding/],
    'no inputTruncated': [change((request) => delete request.body.inputTruncated), /body\.inputTruncated/],
    'an inputTruncated that is a string': [change((request) => (request.body.inputTruncated = 'false')), /body\.inputTruncated/],
    'base64 with a foreign character': [change((request) => (request.body.data = `${request.body.data.slice(0, -1)}*`)), /base64/],
    'base64 with a line break': [change((request) => (request.body.data = `QUJD\nQUI`)), /base64/],
    'base64 without its padding': [change((request) => (request.body.data = 'QQ')), /base64/],
    'base64 with an end in the middle': [change((request) => (request.body.data = 'QQ==QUJD')), /base64/],
    'base64 of nothing': [change((request) => (request.body.data = '====')), /base64/],
    'fewer bytes than content-length': [change(() => {}, { body: text, headers: { 'Content-Length': '18' } }), /content-length is 18.*17 bytes/],
    'more bytes than content-length': [change(() => {}, { body: text, headers: { 'Content-Length': '0' } }), /content-length is 0.*17 bytes/],
    "a content-length that isn't a number": [change(() => {}, { body: text, headers: { 'Content-Length': '0x11' } }), /content-length/],
    'a header without values': [change((request) => (request.headers[HASH] = [])), /./],
    'a header that is not a list': [change((request) => (request.headers[HASH] = { value: EMPTY })), /./],
    'a header whose value is not a string': [change((request) => (request.headers[HASH] = [{ key: HASH, value: 1 }])), /has no value/],
  };
  for (const [name, [event, reason]] of Object.entries(events)) {
    test(name, (t) => failsClosed(t, event, reason));
  }

  for (const name of [HASH, 'content-length']) {
    const event = () => originRequest({ body: text, headers: { 'Content-Length': undefined, [name]: ['17', '17'] } });
    test(`${name} sent twice`, (t) => failsClosed(t, event(), new RegExp(`${name} was sent 2 times`), ['400', 'header_repeated']));
  }

  test('with the id of the request', async (t) => {
    const entry = await failsClosed(t, change((request) => delete request.body.data), /body\.data/);
    assert.equal(entry.requestId, originRequest().Records[0].cf.config.requestId);
  });
});

test('body_hasher logs nothing about a request that it understands', async (t) => {
  const logs = ['log', 'info', 'warn', 'error', 'debug'].map((level) => t.mock.method(console, level, () => {}));
  await handler(originRequest({ body: text }));
  await handler(originRequest({ body: text, headers: { [HASH]: EMPTY } }));
  await handler(originRequest({ body: text, headers: { 'Content-Length': '9999999' }, shown: { inputTruncated: true } }));
  await handler(originRequest({ method: 'DELETE', headers: { 'Content-Length': '5' } }));
  assert.deepEqual(logs.map((log) => log.mock.callCount()), [0, 0, 0, 0, 0]);
});
