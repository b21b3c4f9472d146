// Servers for the tests of cloudfurl.mjs.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// Serves until the test ends, and returns the URL.
export async function serve(t, handler) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// Responds with what it got.
export async function inspect(request, response) {
  const body = await bodyOf(request);
  const { method, headers } = request;
  response.end(
    JSON.stringify({
      method,
      headers,
      body: body.toString('base64'),
      length: body.length,
      right: sha256(body) === headers['x-amz-content-sha256'],
    }),
  );
}
