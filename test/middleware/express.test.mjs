import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

const { behindCloudFront } = await import(new URL('../../functions/middleware/express.mjs', import.meta.url));

// Express's requests have getters on their prototype, which nothing can be assigned to.
const prototype = {
  get ip() { return '127.0.0.1'; },
  get protocol() { return 'http'; },
  get secure() { return this.protocol === 'https'; },
};

const viewer = { 'x-original-host': 'example.com', 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };

/** Returns the request that the next handler gets. */
function seen(headers) {
  const request = Object.assign(Object.create(prototype), { headers: { host: 'id.lambda-url.eu-west-1.on.aws', ...headers } });
  let calls = 0;
  behindCloudFront(request, {}, (error) => { assert.equal(error, undefined); calls += 1; });
  assert.equal(calls, 1);
  return request;
}

describe('behindCloudFront', () => {
  test('replaces the host', () => {
    for (const host of ['example.com', 'localhost:8080', '[::1]:8080']) {
      assert.equal(seen({ ...viewer, 'x-original-host': host }).headers.host, host);
    }
  });

  test('takes the scheme of the viewer', () => {
    for (const [header, protocol, secure] of [['https', 'https', true], ['http', 'http', false], ['gopher', 'https', true]]) {
      const request = seen({ ...viewer, 'x-forwarded-proto': header });
      assert.deepEqual([request.protocol, request.secure], [protocol, secure]);
    }
  });

  test('is https without a scheme', () => assert.equal(seen({ 'x-original-host': 'example.com' }).protocol, 'https'));

  test('takes the address that CloudFront appended', () => {
    for (const [addresses, ip] of [['192.0.2.1', '192.0.2.1'], ['203.0.113.9, 192.0.2.1', '192.0.2.1'], ['203.0.113.9,2001:db8::1', '2001:db8::1']]) {
      assert.equal(seen({ ...viewer, 'x-forwarded-for': addresses }).ip, ip);
    }
  });

  test('does not trust other headers', () => {
    const forged = { 'cloudfront-viewer-address': '203.0.113.9:1', 'cloudfront-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' };
    const request = seen({ ...viewer, ...forged });
    assert.deepEqual([request.ip, request.protocol, request.headers.host], ['192.0.2.1', 'https', 'example.com']);
  });

  test('keeps the address of the connection without another', () => assert.equal(seen({ 'x-original-host': 'example.com' }).ip, '127.0.0.1'));

  test('restores authorization', () => {
    for (const other of [{}, { authorization: 'AWS4' }]) {
      const { headers } = seen({ ...viewer, ...other, 'x-original-authorization': 'Bearer one' });
      assert.equal(headers.authorization, 'Bearer one');
    }
  });

  test('keeps the authorization that the adapter restored', () => {
    assert.equal(seen({ ...viewer, authorization: 'Bearer one' }).headers.authorization, 'Bearer one');
  });

  test('leaves a request without CloudFront alone', () => {
    const request = seen({ 'x-forwarded-for': '192.0.2.1', 'x-forwarded-host': 'proxy.example' });
    assert.deepEqual(request.headers, { host: 'id.lambda-url.eu-west-1.on.aws', 'x-forwarded-for': '192.0.2.1', 'x-forwarded-host': 'proxy.example' });
    assert.deepEqual([request.ip, request.protocol], ['127.0.0.1', 'http']);
  });
});
