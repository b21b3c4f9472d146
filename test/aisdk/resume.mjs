// Starts, leaves, resumes and stops runs by the AI SDK's transport, as useChat does.
// Usage: node resume.mjs API
import assert from 'node:assert/strict';
import { DefaultChatTransport, readUIMessageStream } from 'ai';

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
