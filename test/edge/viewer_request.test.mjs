import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import vm from 'node:vm';

import { viewerRequest } from './events.mjs';
import { undocumented } from './language.mjs';

const read = (part) => readFileSync(new URL(`../../edge/${part}.js`, import.meta.url), 'utf8');

const HASH = 'x-amz-content-sha256';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SOME = 'a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3';

/**
 * Runs a step on a request, without Node's globals. Returns the request as the step left it, and the response if it
 * returned one.
 */
function run(part, step, request, fill = (source) => source) {
  const code = `${read('reject')}\n${fill(read(part))}\nconst event = JSON.parse(input);
    const result = ${step}(event); JSON.stringify({ response: result === event.request ? undefined : result, request: event.request });`;
  return JSON.parse(vm.runInNewContext(code, { input: JSON.stringify({ request }) }));
}

/** Checks that a response is an error in JSON, in the shape that clients of OpenAI's API read, of complete sentences. Returns the error. */
function rejects(response, statusCode, code, parts = []) {
  assert.deepEqual(Object.keys(response), ['statusCode', 'headers', 'body']);
  assert.equal(response.statusCode, statusCode);
  assert.deepEqual(response.headers, { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'no-store' } });
  const answer = JSON.parse(response.body);
  assert.deepEqual(Object.keys(answer), ['error']);
  assert.deepEqual(Object.keys(answer.error), ['message', 'code', 'hint', ...parts]);
  assert.equal(answer.error.code, code);
  for (const part of ['message', 'hint', ...parts]) assert.match(answer.error[part], /^\S.+\.$/, `${part} is a sentence`);
  return answer.error;
}

describe('require_hash', () => {
  const requireHash = (method, headers) => run('require_hash', 'requireHash', viewerRequest({ method, headers }).request);

  for (const method of ['GET', 'HEAD']) {
    for (const hash of [{ value: SOME }, { value: SOME, multiValue: [{ value: SOME }, { value: EMPTY }] }]) {
      test(`deletes the hash of a ${method}, ${JSON.stringify(hash)}`, () => {
        const { response, request } = requireHash(method, { [HASH]: hash });
        assert.equal(response, undefined);
        assert.equal(HASH in request.headers, false);
      });
    }
  }
  for (const method of ['OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH']) {
    test(`forwards a ${method} with a hash`, () => {
      const { response, request } = requireHash(method, { 'content-length': { value: '3' }, [HASH]: { value: SOME } });
      assert.equal(response, undefined);
      assert.deepEqual(request.headers[HASH], { value: SOME });
    });
  }
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
    for (const headers of [{}, { 'content-length': { value: '0' } }]) {
      test(`forwards a ${method} without a body, ${JSON.stringify(headers)}`, () => {
        const { response, request } = requireHash(method, { ...headers, [HASH]: { value: 'UNSIGNED-PAYLOAD' } });
        assert.equal(response, undefined);
        assert.equal(HASH in request.headers, false);
      });
    }
  }
  for (const method of ['POST', 'PUT', 'PATCH']) {
    test(`gives a ${method} with Content-Length: 0 the hash of nothing`, () => {
      const { response, request } = requireHash(method, { 'content-length': { value: '0' } });
      assert.equal(response, undefined);
      assert.deepEqual(request.headers[HASH], { value: EMPTY });
    });
    test(`rejects a ${method} without Content-Length, which may have a body`, () => {
      rejects(requireHash(method, {}).response, 411, 'body_hash_missing', ['limit']);
    });
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    for (const announced of [{ 'content-length': { value: '17' } }, { 'transfer-encoding': { value: 'chunked' } }]) {
      test(`rejects a ${method} with a body and no hash, ${JSON.stringify(announced)}`, () => {
        const answer = rejects(requireHash(method, announced).response, 411, 'body_hash_missing', ['limit']);
        assert.match(answer.hint, /^Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as x-amz-content-sha256/);
      });
    }
  }
  for (const value of ['UNSIGNED-PAYLOAD', '', EMPTY.slice(1), `${EMPTY}0`, `g${EMPTY.slice(1)}`, `${EMPTY},${EMPTY}`]) {
    test(`rejects what isn't a hash: ${JSON.stringify(value)}`, () => {
      const { response } = requireHash('POST', { 'content-length': { value: '3' }, [HASH]: { value } });
      rejects(response, 411, 'body_hash_missing', ['limit']);
    });
  }
  test('writes a hash in lower case, as Lambda does', () => {
    const { request } = requireHash('POST', { 'content-length': { value: '3' }, [HASH]: { value: SOME.toUpperCase() } });
    assert.deepEqual(request.headers[HASH], { value: SOME });
  });
  test('rejects two hashes', () => {
    const { response } = requireHash('POST', { [HASH]: { value: SOME, multiValue: [{ value: SOME }, { value: EMPTY }] } });
    rejects(response, 400, 'header_repeated');
  });
  test("uses body_hasher's words", () => {
    const hasher = read('body_hasher');
    for (const words of ['Send the SHA-256 of the body, 64 hexadecimal digits in lower case, as ', 'where a binary body counts in base64.', 'was sent more than once, so it is ambiguous.', 'header_repeated']) {
      assert.ok(hasher.includes(words) && read('require_hash').includes(words), words);
    }
  });
});

describe('reject_default_domain', () => {
  const rejectDefaultDomain = (value) => run('reject_default_domain', 'rejectDefaultDomain', viewerRequest({ headers: { host: { value } } }).request).response;
  for (const host of [
    'd111111abcdef8.cloudfront.net', 'D111111ABCDEF8.CloudFront.NET', 'd111111abcdef8.cloudfront.net:443', 'd111111abcdef8.cloudfront.net:',
    'd111111abcdef8.cloudfront.net.', 'd111111abcdef8.cloudfront.net.:443', 'd111111abcdef8.cloudfront.cn', 'd111111abcdef8.cloudfront.cn.:',
  ]) {
    test(`rejects ${host}`, () => rejects(rejectDefaultDomain(host), 403, 'default_domain'));
  }
  for (const host of ['www.example.com', 'cloudfront.net.example.com', 'mycloudfront.net', '127.0.0.1:8080', 'd1.cloudfront.net.example.com:443', 'd1.cloudfront.com']) {
    test(`accepts ${host}`, () => assert.equal(rejectDefaultDomain(host), undefined));
  }
  test('rejects a request without a host', () => {
    const { request } = viewerRequest();
    delete request.headers.host;
    rejects(run('reject_default_domain', 'rejectDefaultDomain', request).response, 403, 'default_domain');
  });
});

describe('viewer_request', () => {
  /** Runs steps, each the body of a function of the event, and returns the result and what ran. */
  const run = async (...steps) => {
    const ran = [];
    const cloudfurl = steps.map((step, i) => (event) => (ran.push(i), step(event)));
    const context = vm.createContext({ cloudfurl });
    vm.runInContext(read('viewer_request'), context);
    return { result: await context.handler(viewerRequest()), ran };
  };
  const pass = (event) => event.request;

  test('runs all steps, and returns the request', async () => {
    const { result, ran } = await run(pass, async (event) => event.request, pass);
    assert.deepEqual(result, viewerRequest().request);
    assert.deepEqual(ran, [0, 1, 2]);
  });
  test('returns the request if there are no steps', async () => assert.deepEqual((await run()).result, viewerRequest().request));
  test('gives each step the request of the one before it', async () => {
    const other = { ...viewerRequest().request, uri: '/other' };
    assert.equal((await run(() => other, (event) => ({ ...event.request, method: 'HEAD' }), pass)).result.uri, '/other');
  });
  for (const [name, last] of Object.entries({ 'a response': { statusCode: 302, headers: {} }, 'nothing': undefined, 'null': null, 'neither': {}, 'a text': 'yes' })) {
    for (const step of [() => last, async () => last]) {
      test(`ends at ${name}${step() === last ? '' : ', promised'}`, async () => {
        const { result, ran } = await run(pass, step, pass);
        assert.equal(result, last);
        assert.deepEqual(ran, [0, 1]);
      });
    }
  }
});

for (const part of ['reject', 'authorize', 'require_hash', 'reject_default_domain', 'viewer_request']) {
  test(`${part} uses only what cloudfront-js-2.0 documents`, () => assert.deepEqual(undocumented(read(part)), []));
}
