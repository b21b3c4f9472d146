// Calls the edge at the URL of the first argument by client/cloudfurl.mjs, as a browser would, and exits with 1 if anything
// isn't right.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { eventSource, events, hashingFetch, jsonLines, ResponseError } from '../../client/cloudfurl.mjs';

const url = process.argv[2];
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const text = 'text '.repeat(1024 * 1024);
const binary = new Uint8Array(4 * 1024 * 1024).fill(0xff);

for (const path of ['/inspect', '/edge/inspect']) {
  for (const [body, type] of [
    ['hello', 'text/plain;charset=UTF-8'],
    ['', 'text/plain;charset=UTF-8'],
    [text, 'text/plain;charset=UTF-8'],
    [binary, ''],
    [new Blob([binary], { type: 'image/png' }), 'image/png'],
    [new URLSearchParams({ name: 'Ada' }), 'application/x-www-form-urlencoded;charset=UTF-8'],
  ]) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const got = await (await hashingFetch(url + path, { method, body })).json();
      const bytes = Buffer.from(await new Response(body).arrayBuffer());
      assert.deepEqual([got.method, got.length, got.sha256], [method, bytes.length, sha256(bytes)]);
      if (type) assert.equal(got.type, type);
    }
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
  (error) => error instanceof ResponseError && error.status === 411 && error.message.includes('body_hash_missing'),
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
