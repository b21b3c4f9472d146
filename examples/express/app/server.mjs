import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import express from 'express';

const app = express();
app.set('trust proxy', 1);

app.get('/', async (request, response) => {
  const lines = Number(request.query.lines ?? 5);
  response.type('application/x-ndjson');
  for (let line = 0; line < lines; line += 1) {
    if (line > 0) await setTimeout(200);
    response.write(`${JSON.stringify({ line, of: lines })}\n`);
  }
  response.end();
});

// Lambda accepts requests of up to 6 MB.
app.post('/echo', express.raw({ type: () => true, limit: '6mb' }), (request, response) => {
  const body = request.body ?? '';
  response.json({
    host: request.host,
    scheme: request.protocol,
    address: request.ip,
    authorization: request.get('authorization') ?? null,
    length: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
});

app.listen(process.env.PORT, '127.0.0.1');
