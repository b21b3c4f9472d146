// Asks the server by useChat in a page of jsdom, and prints the states that it shows.
import { JSDOM } from 'jsdom';

const dom = new JSDOM('<div id="root"></div>', { url: process.env.CHAT_URL });
Object.assign(globalThis, { window: dom.window, document: dom.window.document });

// Both look for a document when they are loaded.
const { useChat } = await import('@ai-sdk/react');
const { DefaultChatTransport } = await import('ai');
const { createElement, useEffect } = await import('react');
const { createRoot } = await import('react-dom/client');

const transport = new DefaultChatTransport({ api: process.env.CHAT_URL, headers: { Authorization: `Bearer ${process.env.API_KEY}` } });
const seen = [];

function Page() {
  const { messages, sendMessage, status, error } = useChat({ transport });
  useEffect(() => { sendMessage({ text: 'Hello' }); }, []);
  if (seen.at(-1) !== status) {
    seen.push(status);
  }
  return createElement('p', null, error ? error.message : messages.map((m) => m.parts.map((p) => p.text).join('')).join(' | '));
}

const root = createRoot(document.getElementById('root'));
root.render(createElement(Page));
while (!['submitted streaming ready', 'error'].some((end) => seen.join(' ').endsWith(end))) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(seen.join(' '));
console.log(document.querySelector('p').textContent);
root.unmount();
dom.window.close();
