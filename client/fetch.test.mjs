import assert from 'node:assert/strict';
import test from 'node:test';

import { createFetch, hashingFetch, MAX_BODY } from './cloudfurl.mjs';
import { bodyOf, inspect, serve, sha256 } from './testdata/serve.mjs';

const text = 'hello wörld';
const bytes = new TextEncoder().encode(text);

function stream(...chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function* chunks() {
  yield bytes.subarray(0, 7);
  yield bytes.subarray(7);
}

for (const [name, body, type] of [
  ['a string', text, 'text/plain;charset=UTF-8'],
  ['an ArrayBuffer', bytes.buffer, undefined],
  ['a part of one', new Uint8Array([0, ...bytes, 0]).subarray(1, bytes.length + 1), undefined],
  ['a DataView', new DataView(bytes.buffer), undefined],
  ['a Blob', new Blob([bytes], { type: 'image/png' }), 'image/png'],
  ['a Blob without a type', new Blob([bytes]), undefined],
  ['a stream', stream(bytes.subarray(0, 7), bytes.subarray(7)), undefined],
  ['an async iterable', chunks(), undefined],
]) {
  test(`hashingFetch sends the hash of ${name}`, async (t) => {
    const got = await (await hashingFetch(await serve(t, inspect), { method: 'PUT', body, duplex: 'half' })).json();
    assert.equal(Buffer.from(got.body, 'base64').toString(), text);
    assert.equal(got.headers['x-amz-content-sha256'], sha256(bytes));
    assert.equal(got.headers['content-type'], type);
    assert.equal(got.headers['content-length'], String(bytes.length));
  });
}

test('hashingFetch sends the hash of URLSearchParams', async (t) => {
  const got = await (
    await hashingFetch(await serve(t, inspect), { method: 'POST', body: new URLSearchParams({ a: 'ö', b: '1 2' }) })
  ).json();
  assert.equal(Buffer.from(got.body, 'base64').toString(), 'a=%C3%B6&b=1+2');
  assert.equal(got.headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
  assert.ok(got.right);
});

test('hashingFetch sends the hash of FormData with the boundary of its Content-Type', async (t) => {
  const form = new FormData();
  form.set('name', 'Ada');
  form.set('file', new File([bytes], 'a.txt', { type: 'text/plain' }));
  const got = await (await hashingFetch(await serve(t, inspect), { method: 'POST', body: form })).json();
  assert.ok(got.right);
  const parsed = await new Response(Buffer.from(got.body, 'base64'), {
    headers: { 'content-type': got.headers['content-type'] },
  }).formData();
  assert.equal(parsed.get('name'), 'Ada');
  assert.equal(await parsed.get('file').text(), text);
});

test('hashingFetch sends the Content-Type where Response forgets it once its body was asked for', async (t) => {
  const { Response } = globalThis;
  t.after(() => (globalThis.Response = Response));
  globalThis.Response = class extends Response {
    get body() {
      this.headers.delete('content-type');
      return super.body;
    }
  };
  for (const [body, type] of [
    [new Blob([bytes], { type: 'image/png' }), /^image\/png$/],
    [new URLSearchParams({ a: '1' }), /^application\/x-www-form-urlencoded/],
    [new FormData(), /^multipart\/form-data; boundary=/],
  ]) {
    const got = await (await hashingFetch(await serve(t, inspect), { method: 'POST', body })).json();
    assert.match(got.headers['content-type'], type);
  }
});

test("hashingFetch keeps the caller's headers", async (t) => {
  const url = await serve(t, inspect);
  for (const headers of [
    { 'Content-Type': 'application/json', 'X-One': '1' },
    new Headers([
      ['content-type', 'application/json'],
      ['x-one', '1'],
    ]),
    [
      ['Content-Type', 'application/json'],
      ['X-One', '1'],
    ],
  ]) {
    const given = JSON.stringify([...new Headers(headers)]);
    const got = await (await hashingFetch(url, { method: 'POST', body: '{}', headers })).json();
    assert.equal(got.headers['content-type'], 'application/json');
    assert.equal(got.headers['x-one'], '1');
    assert.ok(got.right);
    assert.equal(JSON.stringify([...new Headers(headers)]), given);
  }
});

test('hashingFetch takes a Request', async (t) => {
  const url = await serve(t, inspect);
  for (const body of [text, bytes, stream(bytes), new URLSearchParams({ a: '1' })]) {
    const request = new Request(url, { method: 'PATCH', body, headers: { 'x-one': '1' }, duplex: 'half' });
    const type = request.headers.get('content-type') ?? undefined;
    const got = await (await hashingFetch(request)).json();
    assert.equal(got.method, 'PATCH');
    assert.equal(got.headers['x-one'], '1');
    assert.equal(got.headers['content-type'], type);
    assert.ok(got.right && got.length > 0);
    assert.ok(request.bodyUsed);
    await assert.rejects(hashingFetch(request), TypeError);
  }
});

test('hashingFetch lets init override a Request', async (t) => {
  const request = new Request(await serve(t, inspect), { method: 'POST', body: 'one', headers: { 'x-one': '1' } });
  const got = await (await hashingFetch(request, { method: 'PUT', body: 'two', headers: { 'x-two': '2' } })).json();
  assert.deepEqual(
    [got.method, Buffer.from(got.body, 'base64').toString(), got.headers['x-one'], got.headers['x-two'], got.right],
    ['PUT', 'two', undefined, '2', true],
  );
});

test('hashingFetch takes a Request where Request.body is missing', async (t) => {
  const url = await serve(t, inspect);
  for (const [body, right] of [
    [text, true],
    ['', true],
  ]) {
    const request = new Request(url, { method: 'POST', body });
    Object.defineProperty(request, 'body', { value: undefined });
    const got = await (await hashingFetch(request)).json();
    assert.deepEqual([got.right, Buffer.from(got.body, 'base64').toString()], [right, body]);
  }
});

test('hashingFetch sends the hash of nothing with POST, PUT and PATCH only', async (t) => {
  const url = await serve(t, inspect);
  for (const method of ['POST', 'PUT', 'PATCH', 'post']) {
    const got = await (await hashingFetch(url, { method })).json();
    assert.equal(got.headers['x-amz-content-sha256'], sha256(''), method);
    assert.equal(
      (await (await hashingFetch(url, { method, body: '' })).json()).headers['x-amz-content-sha256'],
      sha256(''),
      method,
    );
  }
  for (const input of [url, new URL(url), new Request(url)]) {
    assert.equal((await (await hashingFetch(input)).json()).headers['x-amz-content-sha256'], undefined);
  }
  assert.equal((await (await hashingFetch(url, { method: 'DELETE' })).json()).headers['x-amz-content-sha256'], undefined);
});

test('hashingFetch leaves a request with the header alone', async () => {
  const init = { method: 'POST', body: stream(bytes), headers: { 'X-Amz-Content-Sha256': 'mine' }, duplex: 'half' };
  let got;
  await createFetch({ fetch: async (...request) => ((got = request), new Response()) })('https://example.com/', init);
  assert.deepEqual(got, ['https://example.com/', init]);
  assert.equal(got[1], init);
});

test('hashingFetch passes everything else on', async () => {
  let got;
  const fetch = createFetch({ fetch: async (...request) => ((got = request), new Response()) });
  const init = {
    method: 'POST',
    body: text,
    redirect: 'error',
    credentials: 'include',
    keepalive: true,
    dispatcher: {},
    signal: new AbortController().signal,
  };
  await fetch('/relative', init);
  const { headers, body, ...rest } = got[1];
  const { body: _, ...want } = init;
  assert.equal(got[0], '/relative');
  assert.deepEqual(rest, want);
  assert.deepEqual(new Uint8Array(await body.arrayBuffer()), bytes);
});

test('hashingFetch accepts a body of exactly the limit and refuses a longer one', async (t) => {
  const url = await serve(t, inspect);
  const got = await (await hashingFetch(url, { method: 'POST', body: new Uint8Array(MAX_BODY) })).json();
  assert.deepEqual([got.length, got.right], [MAX_BODY, true]);
  for (const body of [new Uint8Array(MAX_BODY + 1), new Blob([new Uint8Array(MAX_BODY + 1)])]) {
    await assert.rejects(hashingFetch(url, { method: 'POST', body }), {
      name: 'RangeError',
      message: /the body is over 6291456 bytes: upload it elsewhere/,
    });
  }
  let canceled = false;
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(bytes), cancel: () => (canceled = true) });
  await assert.rejects(createFetch({ maxBody: 100 })(url, { method: 'POST', body: endless, duplex: 'half' }), RangeError);
  assert.ok(canceled);
});

test('hashingFetch stops at an abort while it reads the body', async (t) => {
  const url = await serve(t, inspect);
  const stuck = () => new ReadableStream({ start: (controller) => controller.enqueue(bytes) });
  const controller = new AbortController();
  const reason = new Error('no longer needed');
  const sent = hashingFetch(url, { method: 'POST', body: stuck(), duplex: 'half', signal: controller.signal });
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(sent, reason);
  await assert.rejects(
    hashingFetch(url, { method: 'POST', body: stuck(), duplex: 'half', signal: controller.signal }),
    reason,
  );
  await assert.rejects(hashingFetch(url, { method: 'POST', body: text, signal: controller.signal }), reason);
  await assert.rejects(hashingFetch(new Request(url, { method: 'POST', body: text, signal: controller.signal })), reason);
});

test("hashingFetch takes a signal of null, which takes away the Request's, and null for nothing", async (t) => {
  const url = await serve(t, inspect);
  const request = new Request(url, { method: 'POST', body: text, signal: AbortSignal.abort() });
  assert.ok((await (await hashingFetch(request, { signal: null })).json()).right);
  assert.equal((await (await hashingFetch(url, null)).json()).method, 'GET');
});

test('hashingFetch returns HTTP errors as fetch does, once', async (t) => {
  let requests = 0;
  const refusal = { error: { message: 'no', code: 'body_too_large', hint: 'send less' } };
  const url = await serve(t, async (request, response) => {
    requests++;
    await bodyOf(request);
    response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  });
  const response = await hashingFetch(url, { method: 'POST', body: text });
  assert.deepEqual([response.ok, response.status, await response.json(), requests], [false, 503, refusal, 1]);
});

test('hashingFetch sends the hash again after a 307', async (t) => {
  const url = await serve(t, async (request, response) => {
    if (request.url === '/end') return inspect(request, response);
    await bodyOf(request);
    response.writeHead(307, { location: '/end' }).end();
  });
  const got = await (await hashingFetch(url, { method: 'POST', body: text })).json();
  assert.deepEqual([got.method, got.right, got.length], ['POST', true, bytes.length]);
});

test('hashingFetch says what to do where WebCrypto is missing', async (t) => {
  const url = await serve(t, inspect);
  Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined, configurable: true });
  t.after(() => delete globalThis.crypto.subtle);
  await assert.rejects(hashingFetch(url, { method: 'POST', body: text }), { message: /a page needs HTTPS or localhost/ });
});

test('hashingFetch refuses a stream of something else than bytes', async (t) => {
  await assert.rejects(
    hashingFetch(await serve(t, inspect), { method: 'POST', body: stream('text'), duplex: 'half' }),
    TypeError,
  );
});
