// Calls the server by openai-node and the AI SDK, and prints what they get.
import { DefaultChatTransport, readUIMessageStream } from 'ai';
import OpenAI from 'openai';

import { hashingFetch } from '../../../client/cloudfurl.mjs';

const { BASE_URL: baseURL, CHAT_URL: api, API_KEY: apiKey } = process.env;
const hello = [{ role: 'user', content: 'Hello' }];
const large = 'word '.repeat(300_000);

const client = new OpenAI({ baseURL, apiKey });
const answer = await client.chat.completions.create({ model: 'embedded', messages: hello });
console.log('complete', answer.choices[0].message.content, answer.choices[0].finish_reason);

let text = '';
let chunks = 0;
for await (const chunk of await client.chat.completions.create({ model: 'embedded', messages: hello, stream: true })) {
  text += chunk.choices[0].delta.content;
  chunks++;
}
console.log('stream', chunks, text);

const hashing = new OpenAI({ baseURL, apiKey, fetch: hashingFetch });
const big = await hashing.chat.completions.create({ model: 'embedded', messages: [{ role: 'user', content: large }] });
console.log('large', big.choices[0].message.content);

// What useChat sends and reads, without React.
async function ask(name, transport, text) {
  try {
    const messages = [{ id: '1', role: 'user', parts: [{ type: 'text', text }] }];
    const stream = await transport.sendMessages({ chatId: 'chat', trigger: 'submit-message', messages });
    let states = 0;
    let last;
    for await (const message of readUIMessageStream({ stream })) {
      states++;
      last = message;
    }
    console.log(name, states > 5, last.parts[0].text, last.metadata.usage.outputTokens);
  } catch (error) {
    console.log(name, 'error', error.message);
  }
}

const headers = { Authorization: `Bearer ${apiKey}` };
await ask('ai', new DefaultChatTransport({ api, headers }), 'Hello');
await ask('ai, large', new DefaultChatTransport({ api, headers, fetch: hashingFetch }), large);
await ask('ai, without a text', new DefaultChatTransport({ api, headers }), '');
