import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';

import { events, jsonLines, LineError, ResponseError } from './cloudfurl.mjs';
import { serve } from './testdata/serve.mjs';

const encode = (text) => new TextEncoder().encode(text);
const latin1 = (text) => Buffer.from(text, 'latin1');

async function collect(values) {
  const all = [];
  for await (const value of values) all.push(value);
  return all;
}

async function* pieces(bytes, ...ends) {
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

const event = (data, more) => ({ type: 'message', data, lastEventId: '', retry: undefined, ...more });

// The first five are the examples of the standard; all are in client/events_test.go, too.
const STREAMS = {
  'data on several lines': ['data: YHOO\ndata: +2\ndata: 10\n\n', [event('YHOO\n+2\n10')]],
  'comments and ids': [
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
    [event('first event', { lastEventId: '1' }), event('second event')],
  ],
  'empty data': ['data\n\ndata\ndata\n\ndata:', [event(''), event('\n')]],
  'one space after the colon': ['data:test\n\ndata: test\n\n', [event('test'), event('test')]],
  'named events': [
    'event: add\ndata: 1\n\nevent: remove\ndata: 2\n\ndata: 3\n\n',
    [event('1', { type: 'add' }), event('2', { type: 'remove' }), event('3')],
  ],
  'CRLF, CR and LF': [
    'data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\n\ndata: e\n\r\n',
    [event('a'), event('b'), event('c'), event('d'), event('e')],
  ],
  'a byte order mark': ['\ufeffdata: é€😀\n\n', [event('é€😀')]],
  'a second byte order mark': ['\ufeff\ufeffdata: a\n\ndata: b\n\n', [event('b')]],
  'a mark after the first line': ['\n\ufeffdata: a\n\n', []],
  'half a byte order mark': [latin1('\xef\xbbdata: a\n\ndata: b\n\n'), [event('b')]],
  'an id that stays': [
    'id: 1\ndata: a\n\ndata: b\n\nid:\ndata: c\n\n',
    [event('a', { lastEventId: '1' }), event('b', { lastEventId: '1' }), event('c')],
  ],
  'an id without data': ['id: 1\n\ndata: a\n\n', [event('a', { lastEventId: '1' })]],
  'an id with NUL': ['id: 1\nid: 2\x003\ndata: a\n\n', [event('a', { lastEventId: '1' })]],
  'a name without data': ['event: add\n\ndata: a\n\n', [event('a')]],
  'an empty name': ['event: add\nevent:\ndata: a\n\n', [event('a')]],
  retry: ['retry: 2500\ndata: a\n\nretry: 0\ndata: b\n\n', [event('a', { retry: 2500 }), event('b', { retry: 0 })]],
  "retry that isn't digits": [
    'retry: 1\nretry: 2s\nretry:  3\nretry: +4\nretry: -5\nretry: 6.0\nretry:\nretry: ٧\nretry: 99999999999999999999\ndata: a\n\n',
    [event('a', { retry: 1 })],
  ],
  'unknown and misspelt fields': ['Data: a\n data: b\ndata : c\ndatas: d\nfoo\n:data: e\ndata:: f\n\n', [event(': f')]],
  'a tab and other spaces': ['data:\ta\ndata:\u00a0b \n\n', [event('\ta\n\u00a0b ')]],
  "bytes that aren't UTF-8": [
    latin1('data: \xff\xe2\x82x\xf0\x9f\x98\xed\xa0\x80\n\n'),
    [event('\ufffd\ufffdx\ufffd\ufffd\ufffd\ufffd')],
  ],
  'other line separators': ['data: a\u2028b\u0085c\vd\fe\n\n', [event('a\u2028b\u0085c\vd\fe')]],
  'an event that breaks off': ['data: a\n\ndata: b\n', [event('a')]],
  nothing: ['', []],
};

for (const [name, [stream, want]] of Object.entries(STREAMS)) {
  test(`events reads ${name}, whole and split at every position`, async () => {
    const bytes = typeof stream === 'string' ? encode(stream) : stream;
    assert.deepEqual(await collect(events(pieces(bytes))), want);
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(await collect(events(pieces(bytes, at))), want, `split at ${at}`);
    }
    assert.deepEqual(await collect(events(pieces(bytes, ...bytes.keys()))), want, 'byte by byte');
  });
}

test('events reads responses split at every position by a server', async (t) => {
  const bytes = encode('\ufeffid: 1\r\nevent: add\r\ndata: é😀\r\n\r\ndata: b\r\r');
  const want = [event('é😀', { type: 'add', lastEventId: '1' }), event('b', { lastEventId: '1' })];
  const url = await serve(t, async (request, response) => {
    const at = Number(new URL(request.url, url).searchParams.get('at'));
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(bytes.subarray(0, at));
    setTimeout(() => response.end(bytes.subarray(at)), 2);
  });
  for (let at = 1; at < bytes.length; at++)
    assert.deepEqual(await collect(events(await fetch(`${url}?at=${at}`))), want, `split at ${at}`);
});

test('events yields an event at its last byte', async () => {
  for (const stream of ['data: a\n\n', 'data: a\r\r', 'data: a\r\n\r', '\ufeffdata: a\n\n']) {
    const pending = async function* () {
      yield encode(stream);
      await new Promise(() => {}); // never more
    };
    assert.deepEqual((await events(pending()).next()).value, event('a'), JSON.stringify(stream));
  }
});

test('events yields what came before an error in the same chunk', async () => {
  const got = [];
  const stream = [encode(`data: 1\n\ndata: 2\n\ndata: ${'3'.repeat(20)}\n\n`)];
  await assert.rejects(
    async () => {
      for await (const { data } of events(stream, { maxLength: 10 })) got.push(data);
    },
    { name: 'RangeError' },
  );
  assert.deepEqual(got, ['1', '2']);
});

test('events closes the stream after an event that is too long', async () => {
  for (const text of [`data: ${'3'.repeat(20)}`, `data: ${'3'.repeat(20)}\n`]) {
    let closed = false;
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(encode(text)),
      cancel: () => (closed = true),
    });
    const source = events(endless, { maxLength: 10 });
    await assert.rejects(source.next(), { name: 'RangeError' });
    assert.ok(closed);
    assert.deepEqual(await source.next(), { done: true, value: undefined });
  }
});

test('events answers calls that overlap in their order, and none after return', async () => {
  const three = () => events([encode('data: 1\n\ndata: 2\n\n'), encode('data: 3\n\n')]);
  let source = three();
  const all = await Promise.all(Array.from({ length: 5 }, () => source.next()));
  assert.deepEqual(all.map(({ done, value }) => (done ? done : value.data)), ['1', '2', '3', true, true]);
  source = three();
  assert.equal((await source.next()).value.data, '1');
  assert.deepEqual(await source.return('left'), { done: true, value: 'left' });
  assert.deepEqual(await source.next(), { done: true, value: undefined });
});

test('events and jsonLines take a ReadableStream and a stream of Node.js', async () => {
  for (const source of [
    () => new Response('data: 1\n\n').body,
    () => Readable.from([Buffer.from('data: 1\n\n')]),
    () => [encode('data: 1\n\n')],
  ]) {
    assert.deepEqual(await collect(events(source())), [event('1')]);
  }
  assert.deepEqual(await collect(jsonLines(new Response('1\n2').body)), [1, 2]);
});

test('leaving the loop closes the connection', async (t) => {
  let closed;
  const gone = new Promise((resolve) => (closed = resolve));
  const url = await serve(t, (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n{}\n');
    response.on('close', closed);
  });
  for await (const { data } of events(await fetch(url))) {
    assert.equal(data, '1');
    break;
  }
  await gone;
});

test('an abort ends the loop with its reason', async (t) => {
  const url = await serve(t, (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  const controller = new AbortController();
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const _ of events(await fetch(url, { signal: controller.signal }))) controller.abort(reason);
  }, reason);
});

test('a connection that breaks ends the loop with an error, after the events before it', async (t) => {
  const url = await serve(t, (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\ndata: 2');
    setTimeout(() => response.destroy(), 20);
  });
  const got = [];
  await assert.rejects(async () => {
    for await (const { data } of events(await fetch(url))) got.push(data);
  }, TypeError);
  assert.deepEqual(got, ['1']);
});

test('a response that is no stream is a ResponseError', async () => {
  const tooLarge = () =>
    new Response('{"error":{"code":"body_too_large"}}', { status: 413, headers: { 'content-type': 'application/json' } });
  for (const read of [events, jsonLines]) {
    await assert.rejects(collect(read(tooLarge())), (error) => {
      assert.ok(error instanceof ResponseError);
      assert.equal(error.status, 413);
      assert.match(error.message, /cloudfurl: got 413 as "application\/json", want .*: {"error":{"code":"body_too_large"}}/);
      return true;
    });
  }
  await assert.rejects(
    collect(events(new Response('<html>', { headers: { 'content-type': 'text/html' } }))),
    /got 200 as "text\/html", want text\/event-stream$/,
  );
  assert.deepEqual(await collect(events(new Response(null, { status: 204 }))), []);
});

test('a ResponseError has what the JSON says under "error", also if that is long', async () => {
  const error = { message: 'x'.repeat(5000), code: 'body_too_large', hint: 'send the hash' };
  const answer = (body) => new Response(body, { status: 413, headers: { 'content-type': 'application/json' } });
  for (const [body, want] of [
    [JSON.stringify({ error }), error],
    ['{"error": "sorry"}', undefined],
    ['null', undefined],
    ['<html>', undefined],
    ['', undefined],
  ]) {
    await assert.rejects(collect(events(answer(body))), (thrown) => {
      assert.deepEqual(thrown.error, want);
      assert.ok(thrown.message.endsWith(body.slice(0, 500)) && thrown.message.length < 600, thrown.message);
      return true;
    });
  }
});

test('jsonLines yields a value a line, split at every position', async () => {
  const bytes = encode('\ufeff{"n":1}\n\r\n  ["€",2] \r\n\n"😀"');
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(await collect(jsonLines(pieces(bytes, at))), [{ n: 1 }, ['€', 2], '😀'], `split at ${at}`);
  }
});

test('jsonLines says which line is wrong, after the values before it', async () => {
  for (const [stream, message, cause] of [
    ['1\n\n2\n<html>\n3\n', /^cloudfurl: line 4: .*</, SyntaxError],
    ['1\n2\n[3', /^cloudfurl: line 3: /, SyntaxError],
    [
      `1\n2\n${'3'.repeat(11)}\n`,
      /^cloudfurl: line 3: over 10 characters in one event or line: raise maxLength/,
      RangeError,
    ],
    [`1\n2\n${'3'.repeat(11)}`, /^cloudfurl: line 3: over 10 characters/, RangeError],
  ]) {
    const got = [];
    await assert.rejects(
      async () => {
        for await (const value of jsonLines([encode(stream)], { maxLength: 10 })) got.push(value);
      },
      (error) =>
        error instanceof LineError &&
        message.test(error.message) &&
        error.cause instanceof cause &&
        error.line === (stream.includes('<') ? 4 : 3),
      stream,
    );
    assert.deepEqual(got, [1, 2]);
  }
});

test('events bounds lines and events', async () => {
  const maxLength = 100;
  for (const [stream, fits] of [
    [`data: ${'x'.repeat(94)}\n\n`, true],
    [`data: ${'x'.repeat(95)}\n\n`, false],
    [`:${'x'.repeat(100)}`, false],
    ['data: xxxx\n'.repeat(100), false],
    [`${':x\n'.repeat(100)}data: x\n\n`, true],
    ['data: xxxx\n\n'.repeat(100), true],
  ]) {
    const read = collect(events(pieces(encode(stream), 5, 50), { maxLength }));
    if (fits) assert.ok((await read).length > 0);
    else await assert.rejects(read, { name: 'RangeError', message: /over 100 characters/ });
  }
});
