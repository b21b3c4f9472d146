import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import vm from 'node:vm';

import { viewerRequest } from './events.mjs';
import { undocumented } from './language.mjs';

const source = readFileSync(new URL('../../edge/original_host.js', import.meta.url), 'utf8');

/** Runs the two steps as CloudFront does: without Node's globals, an event in, a request out. */
function run(event) {
  const script = `${source}\nconst given = JSON.parse(event); given.request = removeForged(given); JSON.stringify(keepOriginals(given))`;
  return JSON.parse(vm.runInNewContext(script, { event: JSON.stringify(event) }));
}

/** Runs the function on a request with these headers and checks what it adds, and that it changes nothing else. */
function expect(headers, added, removed = []) {
  const event = viewerRequest({ headers });
  const want = structuredClone(event.request);
  Object.assign(want.headers, added);
  for (const name of removed) delete want.headers[name];
  assert.deepEqual(run(event), want);
}

const hosts = (value) => ({ 'x-original-host': { value }, 'x-forwarded-host': { value } });
const host = hosts('video.example.com');

describe('original_host keeps the Host of the viewer', () => {
  test('and nothing else changes', () => expect({}, host));
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    test(`of a ${method}`, () => {
      const request = run(viewerRequest({ method }));
      assert.equal(request.method, method);
      assert.deepEqual(request.headers['x-original-host'], { value: 'video.example.com' });
      assert.deepEqual(request.headers['x-forwarded-host'], { value: 'video.example.com' });
    });
  }
  test('with its port', () => expect({ host: { value: 'localhost:8080' } }, hosts('localhost:8080')));
  for (const name of ['x-original-host', 'x-forwarded-host']) {
    test(`overwriting the viewer's own ${name}`, () => expect({ [name]: { value: 'evil.example' } }, host));
    test(`overwriting several ${name} of the viewer's`, () =>
      expect({ [name]: { value: 'evil.example', multiValue: [{ value: 'evil.example' }, { value: 'worse.example' }] } }, host));
    test(`and without one, removes the viewer's own ${name}`, () => {
      const event = viewerRequest({ headers: { [name]: { value: 'evil.example' } } });
      delete event.request.headers.host;
      assert.equal(name in run(event).headers, false);
    });
  }
});

describe('original_host keeps the Authorization of the viewer', () => {
  const bearer = { value: 'Bearer abc.def.ghi' };
  const kept = { ...host, 'x-original-authorization': bearer };

  test('and leaves it where it is', () => expect({ authorization: bearer }, kept));
  test("overwriting the viewer's own", () =>
    expect({ authorization: bearer, 'x-original-authorization': { value: 'Bearer admin', multiValue: [{ value: 'Bearer admin' }, { value: 'x' }] } }, kept));
  test('as one value, the first, of a header sent twice', () =>
    expect({ authorization: { ...bearer, multiValue: [bearer, { value: 'Basic eDp5' }] } }, kept));
  test('as an empty value if it is empty', () =>
    expect({ authorization: { value: '' }, 'x-original-authorization': { value: 'Bearer admin' } }, { ...host, 'x-original-authorization': { value: '' } }));
  test("and without one, removes the viewer's own", () =>
    expect({ 'x-original-authorization': { value: 'Bearer admin' } }, host, ['x-original-authorization']));
});

// docs/web-apps.md says who believes them.
describe('original_host removes headers that only a proxy may send', () => {
  const forged = [
    'forwarded', 'x-forwarded', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-protocol', 'x-forwarded-scheme', 'x-forwarded-server',
    'x-forwarded-ssl', 'x-forwarded-uri', 'x-forwarded-user', 'cloudfront-forwarded-proto', 'front-end-https', 'x-scheme', 'x-url-scheme',
    'x-host', 'x-original-for', 'x-original-forwarded-for', 'x-original-method', 'x-original-path', 'x-original-port', 'x-original-prefix', 'x-original-proto',
    'x-original-request-uri', 'x-original-scheme', 'x-original-uri', 'x-original-url', 'x-rewrite-url',
    'script-name', 'x-script-name',
  ];
  // Adapters such as CGI's and WSGI's read underscores as hyphens. Functions don't see X-Real-IP and X-Forwarded-Proto.
  const underscored = [
    'script_name', 'x_forwarded_for', 'x-forwarded_for', 'x_forwarded_host', 'x-forwarded_host', 'x_forwarded_proto', 'x_forwarded-prefix',
    'x_original_host', 'x-original_host', 'x_original-host', 'x_original_authorization', 'x-original_authorization', 'x_real_ip',
    'cloudfront_forwarded_proto', 'x_rewrite_url',
  ];
  for (const name of [...forged, ...underscored]) {
    test(name, () => expect({ [name]: { value: 'evil', multiValue: [{ value: 'evil' }, { value: 'worse' }] } }, host, [name]));
  }
  test('beside a real Authorization', () =>
    expect({ authorization: { value: 'Bearer a' }, x_original_authorization: { value: 'Bearer admin' } }, { ...host, 'x-original-authorization': { value: 'Bearer a' } }, ['x_original_authorization']));
  const kept = [
    'x-forwarded-for', 'cloudfront-viewer-country', 'x-original-filename', 'x-hosts', 'my-forwarded-host', 'x_original_hosts', 'x_request_id',
    'origin', 'via',
  ];
  for (const name of kept) test(`and not ${name}`, () => expect({ [name]: { value: 'a' } }, host));
});

describe("original_host removes the hash of a body that a request can't have", () => {
  const hash = { 'x-amz-content-sha256': { value: 'e3b0', multiValue: [{ value: 'e3b0' }, { value: 'c442' }] } };
  for (const method of ['GET', 'HEAD']) {
    test(method, () => assert.equal('x-amz-content-sha256' in run(viewerRequest({ method, headers: hash })).headers, false));
  }
  for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    test(`and not of a ${method}`, () =>
      assert.deepEqual(run(viewerRequest({ method, headers: hash })).headers['x-amz-content-sha256'], hash['x-amz-content-sha256']));
  }
});

// A function URL removes Content-Encoding from a streamed response: https://github.com/opennextjs/opennextjs-aws/issues/1127
describe('original_host removes Accept-Encoding', () => {
  test('sent once', () => expect({ 'accept-encoding': { value: 'gzip, br' } }, host, ['accept-encoding']));
  test('sent twice', () =>
    expect({ 'accept-encoding': { value: 'gzip', multiValue: [{ value: 'gzip' }, { value: 'br' }] } }, host, ['accept-encoding']));
});

test('original_host uses only what cloudfront-js-2.0 documents', () => assert.deepEqual(undocumented(source), []));

describe('the check of the language reports', () => {
  const samples = {
    'eval': 'eval("1")',
    'the Function constructor': 'new Function("return 1")',
    'a timer': 'setTimeout(handler, 1)',
    'the network': 'fetch("https://example.com")',
    'a class': 'class A {}',
    'an import': 'import cf from "cloudfront";',
    'a module': 'var fs = require("fs");',
    'an export': 'exports.handler = handler;',
    'for-of': 'for (var a of list) {}',
    'a generator': 'function* f() { yield 1; }',
    'optional chaining': 'headers.host?.value',
    'nullish coalescing': 'a ?? b',
    'logical assignment': 'a ||= b',
    'destructuring of an object': 'const { request } = event;',
    'destructuring of an array': 'let [a] = list;',
    'spread': 'f(...list)',
    'a default parameter': 'function f(a, b = 1) {}',
    'a BigInt': 'var a = 1n;',
    'a numeric separator': 'var a = 1_000;',
    'a template literal, which is not supported': 'var a = `b`;',
    'with': 'with (a) {}',
  };
  for (const [name, sample] of Object.entries(samples)) {
    test(name, () => assert.notDeepEqual(undocumented(`function handler(event) {\n  ${sample}\n}`), []));
  }
  test('nothing in what is documented', () =>
    assert.deepEqual(undocumented("/* class */ const a = async (x) => { await x; return a ? b.of.class ** 2 : \"eval()\"; }; // ?. ??\nlet b = 'it\\'s';"), []));
});
