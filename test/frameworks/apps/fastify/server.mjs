import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';

const app = Fastify({ trustProxy: '127.0.0.1' });
await app.register(cookie, { secret: 'secret', parseOptions: { secure: 'auto', httpOnly: true, path: '/' } }); // Secure if the request is HTTPS
await app.register(csrf, { cookieOpts: { signed: true, secure: 'auto' }, getToken: (request) => request.body.csrf?.value ?? request.body.csrf });
await app.register(formbody);
await app.register(multipart, { attachFieldsToBody: true });

const absolute = (request, path) => `${request.protocol}://${request.host}${path}`;

app.get('/login', async (request, reply) => {
  return reply.type('text/html').send(`<form method="post"><input name="csrf" value="${reply.generateCsrf()}"><input name="name"></form>`);
});

app.post('/login', { preHandler: app.csrfProtection }, async (request, reply) => {
  return reply.setCookie('name', request.body.name).redirect(absolute(request, '/me'), 303);
});

app.get('/me', async (request) => {
  const { host, protocol: scheme, ip: address, cookies: { name } } = request;
  return { host, scheme, address, authorization: request.headers.authorization, url: absolute(request, '/me'), name };
});

app.get('/stream', async (request, reply) => {
  async function* lines() {
    for (let i = 0; i < 5; i += 1) {
      yield `${i}\n`;
      await setTimeout(100);
    }
  }
  return reply.type('text/plain').send(Readable.from(lines()));
});

app.post('/upload', { preHandler: app.csrfProtection }, async (request) => {
  return createHash('sha256').update(await request.body.file.toBuffer()).digest('hex');
});

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
