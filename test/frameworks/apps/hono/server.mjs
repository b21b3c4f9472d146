import { createHash } from 'node:crypto';

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { streamText } from 'hono/streaming';

const app = new Hono();
app.use(csrf()); // compares Origin with the URL of the request

const absolute = (c, path) => new URL(path, c.req.url).href;

app.get('/login', (c) => c.html('<form method="post"><input name="name"></form>'));

app.post('/login', async (c) => {
  setCookie(c, 'name', (await c.req.parseBody()).name, { secure: true, httpOnly: true });
  return c.redirect(absolute(c, '/me'), 303);
});

app.get('/me', (c) => {
  const { host, protocol } = new URL(c.req.url);
  const address = c.req.header('x-forwarded-for')?.split(',').at(-1).trim();
  return c.json({ host, scheme: protocol.slice(0, -1), address, authorization: c.req.header('authorization'), url: absolute(c, '/me'), name: getCookie(c, 'name') });
});

app.get('/stream', (c) => streamText(c, async (stream) => {
  for (let i = 0; i < 5; i += 1) {
    await stream.writeln(String(i));
    await stream.sleep(100);
  }
}));

app.post('/upload', async (c) => {
  const { file } = await c.req.parseBody();
  return c.text(createHash('sha256').update(Buffer.from(await file.arrayBuffer())).digest('hex'));
});

// Hono has no setting for a proxy: give it the URL that the viewer sees.
function fetch(request, env) {
  const url = new URL(request.url);
  url.host = request.headers.get('x-forwarded-host') ?? url.host;
  url.protocol = request.headers.get('x-forwarded-proto') ?? url.protocol;
  return app.fetch(new Request(url, request), env);
}

serve({ fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
