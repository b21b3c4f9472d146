// Starts, leaves, resumes and stops runs by the AI SDK's transport, as useChat does, and reads one by eventSource.
// Usage: node resume.mjs API
import assert from 'node:assert/strict';
import { DefaultChatTransport, readUIMessageStream } from 'ai';
import { eventSource } from '../../client/cloudfurl.mjs';

const api = process.argv[2];
const transport = new DefaultChatTransport({ api });

function send(chatId, abortSignal) {
  const messages = [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'Count.' }] }];
  return transport.sendMessages({ chatId, messages, abortSignal, trigger: 'submit-message', messageId: undefined });
}

// Reads chunks until there are enough, or no more.
async function read(stream, most = Infinity) {
  const chunks = [];
  const reader = stream.getReader();
  while (chunks.length < most) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
  }
  return chunks;
}

assert.equal(await transport.reconnectToStream({ chatId: 'reload' }), null, 'no run yet');

const page = new AbortController();
assert.equal((await read(await send('reload', page.signal), 5)).length, 5);
page.abort(); // the page is reloaded
let message;
for await (const state of readUIMessageStream({ stream: await transport.reconnectToStream({ chatId: 'reload' }) })) message = state;
const words = Array.from({ length: 50 }, (_, i) => `${i + 1} `).join('');
assert.deepEqual(message.parts.map(({ type, text }) => ({ type, text })), [{ type: 'text', text: words }]);
assert.equal(await transport.reconnectToStream({ chatId: 'reload' }), null, 'the run is over');

const stream = await send('stop/é', undefined);
const [first, second] = stream.tee();
await read(first, 5);
assert.equal((await fetch(`${api}/${encodeURIComponent('stop/é')}`, { method: 'DELETE' })).status, 204);
assert.deepEqual((await read(second)).at(-1), { type: 'error', errorText: 'the run was stopped' });

// A connection that breaks after a random number of bytes.
async function breaking(...request) {
  const response = await fetch(...request);
  if (!response.body) return response;
  let left = 300 + Math.random() * 1500;
  const cut = new TransformStream({
    transform(bytes, controller) {
      controller.enqueue(bytes.slice(0, left));
      left -= bytes.length;
      if (left <= 0) controller.error(new Error('cut'));
    },
  });
  return new Response(response.body.pipeThrough(cut), response);
}

const ids = [];
const texts = [];
const init = { method: 'POST', body: JSON.stringify({ id: 'events' }), headers: { 'content-type': 'application/json' } };
for await (const { lastEventId, data } of eventSource(api, init, { fetch: breaking, maxDelay: 100 })) {
  ids.push(lastEventId.split('.')[1]);
  texts.push(data);
}
assert.deepEqual(ids, Array.from({ length: 55 }, (_, i) => `${i + 1}`));
assert.equal(texts.at(-1), '[DONE]');
assert.equal(new Set(texts).size, 55);
