import assert from 'node:assert/strict';
import test from 'node:test';

import { eventSource } from './cloudfurl.mjs';
import { bodyOf, serve, sha256 } from './testdata/serve.mjs';

// Lets timers end at once, and returns how long they would have taken.
function withoutWaiting(t) {
  const waits = [];
  t.mock.method(globalThis, 'setTimeout', (callback, ms) => {
    waits.push(ms);
    return setImmediate(callback);
  });
  return waits;
}

// Answers each request in turn, and notes the requests.
function script(...answers) {
  const got = [];
  const fetch = async (input, init) => {
    got.push([
      new Headers(init.headers).get('last-event-id'),
      new Headers(init.headers).get('accept'),
      input.body ? await new Response(input.body).text() : init.body,
    ]);
    const answer = answers[Math.min(got.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer();
  };
  return { fetch, got };
}

const stream = (text) => () => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
const status =
  (code, body = 'sorry') =>
  () =>
    new Response(code === 204 ? null : body, { status: code, headers: { 'content-type': 'text/plain' } });

// Sends the beginning of a stream, and then the connection breaks.
const broken = (text) => () =>
  new Response(
    new ReadableStream(
      {
        start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
        pull: (controller) => controller.error(new TypeError('terminated')),
      },
      { highWaterMark: 1 },
    ),
    { headers: { 'content-type': 'text/event-stream' } },
  );

async function collect(source, max = Infinity) {
  const all = [];
  for await (const { data } of source) if (all.push(data) === max) break;
  return all;
}

test('eventSource waits longer after each failure, and as the server asks', async (t) => {
  const waits = withoutWaiting(t);
  const { fetch, got } = script(
    stream('retry: 2000\nid: 1\ndata: a\n\n'),
    new TypeError('fetch failed'),
    status(502),
    broken('data: b\n\n'),
    status(204),
  );
  assert.deepEqual(await collect(eventSource('https://example.com/', {}, { fetch })), ['a', 'b']);
  assert.deepEqual(
    got.map(([id, accept]) => [id, accept]),
    [[null, 'text/event-stream'], ...Array(4).fill(['1', 'text/event-stream'])],
  );
  for (const [i, longest] of [2000, 4000, 8000, 2000].entries()) {
    assert.ok(
      waits[i] >= longest / 2 && waits[i] <= longest,
      `wait ${i} is ${waits[i]} ms, want ${longest / 2} to ${longest}`,
    );
  }
});

test('eventSource gives up after attempts without an event', async (t) => {
  const waits = withoutWaiting(t);
  const cause = new TypeError('fetch failed');
  const { fetch, got } = script(stream('data: a\n\n'), stream(''), cause);
  const source = eventSource('https://example.com/', {}, { fetch, maxAttempts: 4, maxDelay: 3000 });
  assert.equal((await source.next()).value.data, 'a');
  await assert.rejects(source.next(), { message: 'cloudfurl: gave up after 4 attempts: fetch failed', cause });
  assert.equal(got.length, 5);
  assert.ok(Math.max(...waits) <= 3000, `${waits}`);
});

test("eventSource doesn't flood a server that asks for no delay", async (t) => {
  const waits = withoutWaiting(t);
  const { fetch } = script(stream('retry: 0\ndata: a\n\n'));
  assert.deepEqual(await collect(eventSource('https://example.com/', {}, { fetch }), 3), ['a', 'a', 'a']);
  assert.ok(Math.min(...waits) >= 50, `${waits}`);
});

test('eventSource ends at an error that would come again', async () => {
  for (const [answer, options, message] of [
    [status(413), {}, /got 413 as "text\/plain", want text\/event-stream: sorry/],
    [status(200), {}, /got 200 as "text\/plain"/],
    [stream('x'.repeat(100)), { maxLength: 50 }, /over 50 characters/],
  ]) {
    const { fetch, got } = script(answer);
    await assert.rejects(collect(eventSource('https://example.com/', {}, { fetch, ...options })), message);
    assert.equal(got.length, 1);
  }
  const body = new ReadableStream();
  await assert.rejects(
    collect(eventSource('https://example.com/', { method: 'POST', body, duplex: 'half' })),
    /a stream as body can't be sent again/,
  );
  await assert.rejects(
    collect(eventSource('https://example.com/', { method: 'POST', body: new Uint8Array(6 * 1024 * 1024 + 1) })),
    /over 6291456 bytes/,
  );
});

test('eventSource ends at an id that no header can carry, without another request', async () => {
  for (const [id, problem] of [
    ['a\x01b', 'has the byte 0x01, which no header may have'],
    ['\x7f', 'has the byte 0x7f, which no header may have'],
    ['é'.repeat(100_000), 'has 200000 bytes, and a header 8000 at most'],
  ]) {
    const error = {
      name: 'RangeError',
      message: `cloudfurl: can't resume: the id of the last event ${problem}: let the server send other ids`,
    };
    const { fetch, got } = script(stream(`id: ${id}\ndata: a\n\n`));
    const source = eventSource('https://example.com/', {}, { fetch });
    assert.equal((await source.next()).value.data, 'a');
    await assert.rejects(source.next(), error);
    assert.equal(got.length, 1);
    await assert.rejects(eventSource('https://example.com/', {}, { fetch, lastEventId: id }).next(), error);
    assert.equal(got.length, 1);
  }
});

test("eventSource doesn't try again with headers that fetch can't send", async () => {
  const { fetch, got } = script(status(204));
  await assert.rejects(collect(eventSource('https://example.com/', { headers: { 'bad name': 'a' } }, { fetch })), TypeError);
  assert.equal(got.length, 0);
});

test('eventSource refuses at once what fetch could never send', async (t) => {
  const waits = withoutWaiting(t);
  for (const [input, init] of [
    ['http://127.0.0.1:1/', { body: 'a GET with a body' }],
    ['/without/an/origin', {}],
    ['http://127.0.0.1:1/', { method: 'BAD METHOD' }],
  ])
    await assert.rejects(collect(eventSource(input, init)), TypeError);
  assert.deepEqual(waits, []);
  const { fetch, got } = script(status(204));
  await collect(eventSource('/another/fetch/may', { method: 'POST', body: 'do' }, { fetch }));
  assert.equal(got.length, 1);
});

test('eventSource sends a form again, and a Request whose signal was taken away', async (t) => {
  withoutWaiting(t);
  const form = new FormData();
  form.set('name', 'Ada');
  const { fetch, got } = script(stream('id: 1\ndata: a\n\n'), status(204));
  assert.deepEqual(await collect(eventSource('https://example.com/', { method: 'POST', body: form }, { fetch })), ['a']);
  assert.deepEqual(got.map(([, , body]) => body.get('name')), ['Ada', 'Ada']);
  const request = new Request('https://example.com/', { method: 'POST', body: 'b', signal: AbortSignal.abort() });
  assert.deepEqual(await collect(eventSource(request, { signal: null }, script(stream('data: a\n\n'), status(204)))), ['a']);
});

test('eventSource sends ids in UTF-8', async (t) => {
  withoutWaiting(t);
  for (const id of ['é€😀', 'a\tb', 'é'.repeat(4000)]) {
    const { fetch, got } = script(stream(`id: ${id}\ndata: a\n\n`), status(204));
    assert.deepEqual(await collect(eventSource('https://example.com/', {}, { fetch })), ['a']);
    assert.equal(Buffer.from(got[1][0], 'latin1').toString(), id);
  }
});

test('eventSource sends a Request several times', async (t) => {
  withoutWaiting(t);
  const { fetch, got } = script(stream('id: 1\ndata: a\n\n'), stream('id: 2\ndata: b\n\n'), status(204));
  const request = new Request('https://example.com/', {
    method: 'POST',
    body: 'hello',
    headers: { accept: 'text/event-stream, */*' },
  });
  assert.deepEqual(await collect(eventSource(request, undefined, { fetch })), ['a', 'b']);
  assert.deepEqual(
    got,
    [null, '1', '2'].map((id) => [id, 'text/event-stream, */*', 'hello']),
  );
});

test('an abort ends eventSource, while it reads and while it waits', async () => {
  const reason = new Error('enough');
  const reading = new AbortController();
  const open = (input, { signal }) =>
    new Response(
      new ReadableStream({ start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)) }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  setTimeout(() => reading.abort(reason), 10);
  await assert.rejects(
    collect(
      eventSource('https://example.com/', { signal: reading.signal }, { fetch: async (...request) => open(...request) }),
    ),
    reason,
  );

  const waiting = new AbortController();
  setTimeout(() => waiting.abort(reason), 10);
  const { fetch } = script(new TypeError('fetch failed'));
  await assert.rejects(collect(eventSource('https://example.com/', { signal: waiting.signal }, { fetch })), reason);
});

test('eventSource yields nothing after an abort, also of what has arrived', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { fetch } = script(stream('data: a\n\ndata: b\n\ndata: c\n\n'));
  const got = [];
  await assert.rejects(async () => {
    for await (const { data } of eventSource('https://example.com/', { signal: controller.signal }, { fetch })) {
      got.push(data);
      controller.abort(reason);
    }
  }, reason);
  assert.deepEqual(got, ['a']);
});

// Last, because fetch itself has timers, and others count all of them.
test('eventSource goes on where the stream broke, with a POST and its hash', async (t) => {
  const got = [];
  const url = await serve(t, async (request, response) => {
    const body = await bodyOf(request);
    got.push([
      request.method,
      body.toString(),
      request.headers['x-amz-content-sha256'] === sha256(body),
      request.headers['last-event-id'],
    ]);
    if (got.length === 4) return response.writeHead(204).end();
    if (got.length === 2) return response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: 1\nid: ${got.length}\ndata: ${got.length}\n\nid: 99\ndata: lost`);
    setTimeout(() => (got.length === 3 ? response.destroy() : response.end()), 10);
  });
  assert.deepEqual(await collect(eventSource(url, { method: 'POST', body: 'hello' }, { lastEventId: '0' })), ['1', '3']);
  assert.deepEqual(got, [
    ['POST', 'hello', true, '0'],
    ['POST', 'hello', true, '1'],
    ['POST', 'hello', true, '1'],
    ['POST', 'hello', true, '3'],
  ]);
});
