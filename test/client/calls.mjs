// Calls the edge at the URL of the first argument by the package @cloudfurl/client, as a browser would, and exits with 1 if
// anything isn't right. The second argument is the URL of a way to the edge whose connections break after three events. Runs in
// Node.js, Bun and Deno, beside a node_modules with the package.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { eventSource, events, hashingFetch, jsonLines, ResponseError } from '@cloudfurl/client';

const [url, breaking] = process.argv.slice(2);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const text = 'text '.repeat(1024 * 1024);
const large = new Blob([text], { type: 'text/plain' });
const binary = new Uint8Array(4 * 1024 * 1024).fill(0xff);

for (const path of ['/inspect', '/edge/inspect']) {
  for (const body of [
    'hello',
    '',
    large,
    binary,
    new Blob([binary], { type: 'image/png' }),
    new URLSearchParams({ name: 'Ada' }),
  ]) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const got = await (await hashingFetch(url + path, { method, body })).json();
      const sent = new Response(body);
      const type = sent.headers.get('content-type') ?? ''; // of a string, Bun has none
      const bytes = Buffer.from(await sent.arrayBuffer());
      assert.deepEqual([got.method, got.length, got.sha256, got.type], [method, bytes.length, sha256(bytes), type]);
    }
  }
  for (const [input, init] of [
    [url + path, { method: 'POST', body: large.stream(), headers: new Headers({ 'content-type': 'text/plain' }) }],
    [new Request(url + path, { method: 'POST', body: text, headers: [['content-type', 'text/plain']] }), undefined],
  ]) {
    const got = await (await hashingFetch(input, init)).json();
    assert.deepEqual([got.length, got.sha256, got.type], [text.length, sha256(text), 'text/plain']);
  }
  const form = new FormData();
  form.set('file', new File([binary], 'image.png', { type: 'image/png' }));
  const sent = await (await hashingFetch(url + path, { method: 'POST', body: form })).json();
  assert.match(sent.type, /^multipart\/form-data; boundary=/);
  assert.ok(sent.length > binary.length);
  assert.equal((await (await hashingFetch(url + path)).json()).method, 'GET');
}
// fetch sends the headers of the POST again, with its hash, but a GET has no body.
for (const from of ['/see-other', '/edge/see-other']) {
  for (const to of ['/inspect', '/edge/inspect', '/read/inspect']) {
    const response = await hashingFetch(`${url}${from}?to=${to}`, { method: 'POST', body: 'hello' });
    assert.equal(response.status, 200, `${from} to ${to}: ${response.status}`);
    const { method, length } = await response.json();
    assert.deepEqual([response.redirected, method, length], [true, 'GET', 0]);
  }
}
await assert.rejects(
  async () => {
    for await (const _ of events(await fetch(`${url}/events`, { method: 'POST', body: 'hello' })));
  },
  (error) => error instanceof ResponseError && error.status === 411 && error.error.code === 'body_hash_missing' && error.error.hint !== '',
);

const got = [];
for await (const { data, lastEventId } of eventSource(`${url}/events`, { method: 'POST', body: 'hello' }))
  got.push([lastEventId, data]);
assert.deepEqual(got, [
  ['1', 'POST 1'],
  ['2', 'POST 2'],
  ['3', 'POST 3'],
  ['4', 'POST 4'],
]);

const lines = [];
for await (const { n } of jsonLines(await hashingFetch(`${url}/lines`))) lines.push(n);
assert.deepEqual(lines, [0, 1, 2]);

// A connection that breaks is an error, after the events before it, and eventSource goes on where it broke. Bun forgets what
// arrived right before.
const ids = [];
await assert.rejects(async () => {
  for await (const { lastEventId } of events(await fetch(`${breaking}/read/ticks`))) ids.push(lastEventId);
});
assert.ok(ids.length === 2 || ids.length === 3, `${ids}`);
for await (const { lastEventId } of eventSource(`${breaking}/ticks`, { method: 'POST', body: large }, { lastEventId: ids.at(-1) }))
  ids.push(lastEventId);
assert.deepEqual(ids, ['1', '2', '3', '4', '5', '6', '7', '8', '9']);

// An abort ends the loop with its reason, wherever it is.
for (const read of [
  async (init) => events(await hashingFetch(`${url}/ticks`, init)),
  (init) => eventSource(`${url}/ticks`, init),
]) {
  const controller = new AbortController();
  await assert.rejects(
    async () => {
      for await (const _ of await read({ method: 'POST', body: 'hello', signal: controller.signal }))
        controller.abort(new Error('enough'));
    },
    { message: 'enough' },
  );
}
const stuck = new ReadableStream({ start: (controller) => controller.enqueue(binary) });
const controller = new AbortController();
setTimeout(() => controller.abort(new Error('too slow')), 20);
await assert.rejects(hashingFetch(url, { method: 'POST', body: stuck, signal: controller.signal }), { message: 'too slow' });
