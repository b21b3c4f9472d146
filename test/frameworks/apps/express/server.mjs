import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import cookieSession from 'cookie-session';
import { csrfSync } from 'csrf-sync';
import express from 'express';
import multer from 'multer';

const app = express();
app.set('trust proxy', 1);
app.use(cookieSession({ secret: 'secret', secure: true })); // throws if the request isn't HTTPS
const { csrfSynchronisedProtection, generateToken } = csrfSync({ getTokenFromRequest: (request) => request.body.csrf });

const absolute = (request, path) => `${request.protocol}://${request.host}${path}`;

app.get('/login', (request, response) => {
  response.send(`<form method="post"><input name="csrf" value="${generateToken(request)}"><input name="name"></form>`);
});

app.post('/login', express.urlencoded(), csrfSynchronisedProtection, (request, response) => {
  request.session.name = request.body.name;
  response.redirect(303, absolute(request, '/me'));
});

app.get('/me', (request, response) => {
  const { host, protocol: scheme, ip: address } = request;
  response.json({ host, scheme, address, authorization: request.get('authorization'), url: absolute(request, '/me'), name: request.session.name });
});

app.get('/stream', async (request, response) => {
  response.type('text/plain');
  for (let i = 0; i < 5; i += 1) {
    response.write(`${i}\n`);
    await setTimeout(100);
  }
  response.end();
});

app.post('/upload', multer().single('file'), csrfSynchronisedProtection, (request, response) => {
  response.send(createHash('sha256').update(request.file.buffer).digest('hex'));
});

app.listen(process.env.PORT, '127.0.0.1');
