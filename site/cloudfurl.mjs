// What JavaScript callers of a streaming endpoint need: fetch with the SHA-256 of the body, and the values of streams.
// Runs in browsers, Node.js 20 and later, and other runtimes with fetch and WebCrypto. Copy this file, or import it.

/**
 * The largest request that Lambda accepts, in bytes. A body that isn't text counts in base64 there.
 * See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_BODY = 6 * 1024 * 1024;

/** How many characters an event or a line may have. */
export const MAX_LENGTH = 8 * 1024 * 1024;

const HASH = 'x-amz-content-sha256';
// CloudFront signs these with the hash of nothing if they have no body.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
const SIGNED_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A response that isn't the stream that was asked for. */
export class ResponseError extends Error {
  name = 'ResponseError';

  constructor(message, response) {
    super(message);
    this.response = response;
    this.status = response.status;
  }
}

/** A line that couldn't be read. `line` is its number; the first is 1. */
export class LineError extends Error {
  name = 'LineError';

  constructor(line, cause) {
    super(`cloudfurl: line ${line}: ${cause.message}`, { cause });
    this.line = line;
  }
}

/**
 * fetch, with the SHA-256 of the body in x-amz-content-sha256. Takes every body that fetch takes. All of it is read into
 * memory, because WebCrypto hashes no streams, so more than 6 MB, the most that Lambda accepts, is a RangeError. A request
 * that has the header already is sent as it is.
 */
export const hashingFetch = createFetch();

/** Returns a hashingFetch that sends by another fetch, or accepts larger bodies. */
export function createFetch({ fetch = (...request) => globalThis.fetch(...request), maxBody = MAX_BODY } = {}) {
  return async function hashingFetch(input, init = {}) {
    const request = asRequest(input);
    const headers = new Headers(init.headers ?? request?.headers);
    if (headers.has(HASH)) return fetch(input, init);

    const body = init.body ?? (request && (await bodyOf(request)));
    if (body === undefined || body === null) {
      if (!SIGNED_WITH_BODY.has((init.method ?? request?.method ?? 'GET').toUpperCase())) return fetch(input, init);
      headers.set(HASH, await sha256(new Uint8Array()));
      return fetch(input, { ...init, headers });
    }

    // Extracts bytes and Content-Type as fetch does, with the boundary of a form.
    const extracted = new Response(body);
    const bytes = await drain(extracted.body, maxBody, init.signal ?? request?.signal);
    const type = extracted.headers.get('content-type');
    if (type && !headers.has('content-type')) headers.set('content-type', type);
    headers.set(HASH, await sha256(bytes));
    // As a Blob, because fetch of Node.js 20 can't send an array again after a redirect.
    return fetch(input, { ...init, headers, body: new Blob([bytes]) });
  };
}

// Returns input if it is a Request, of whichever implementation.
function asRequest(input) {
  return typeof input?.arrayBuffer === 'function' ? input : undefined;
}

// A mistake in the caller's code. eventSource doesn't try again, as it does after a TypeError of fetch.
class UsageError extends TypeError {
  name = 'UsageError';
}

// Firefox has no Request.body.
async function bodyOf(request) {
  const readable = request.body !== undefined || request.method === 'GET' || request.method === 'HEAD';
  return readable ? request.body : request.arrayBuffer();
}

async function drain(stream, limit, signal) {
  const chunks = [];
  let length = 0;
  for await (const chunk of chunksOf(stream, signal)) {
    if (!(chunk instanceof Uint8Array)) throw new UsageError('cloudfurl: a stream as body has to consist of Uint8Arrays');
    length += chunk.byteLength;
    if (length > limit) {
      throw new RangeError(
        `cloudfurl: the body is over ${limit} bytes: upload it elsewhere, for example to Amazon S3 with a presigned URL`,
      );
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

async function sha256(bytes) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new UsageError('cloudfurl: crypto.subtle is missing: a page needs HTTPS or localhost for it');
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Yields the events of a text/event-stream, each as soon as its last line arrives: { type, data, lastEventId, retry }.
 * The source is a Response, a ReadableStream or another async iterable of bytes. Leaving the loop closes the stream. An
 * event that the stream ends within is dropped, as in browsers.
 * See: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* events(source, { maxLength = MAX_LENGTH } = {}) {
  yield* interpret(source, { lastEventId: '', retry: undefined }, maxLength);
}

// Keeps the last id and the reconnection time in state.
async function* interpret(source, state, maxLength) {
  const stream = await streamOf(source, 'text/event-stream');
  const lines = new Lines(/\r\n?|\n/g, maxLength);
  let id = state.lastEventId;
  let type = '';
  let data = [];
  let length = 0;
  for await (const text of decoded(stream)) {
    for (const line of lines.push(text)) {
      if (line === '') {
        state.lastEventId = id;
        const { retry } = state;
        if (data.length > 0) yield { type: type || 'message', data: data.join('\n'), lastEventId: id, retry };
        [type, data, length] = ['', [], 0];
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (name === 'event') type = value;
      if (name === 'id' && !value.includes('\0')) id = value;
      if (name === 'retry' && /^[0-9]{1,9}$/.test(value)) state.retry = Number(value);
      if (name === 'data') {
        length += value.length + 1;
        if (length > maxLength) throw tooLong(maxLength);
        data.push(value);
      }
    }
  }
}

/**
 * Yields the values of a stream with one JSON value a line (NDJSON, JSON Lines), each as soon as its line arrives. The
 * source is as for events. Empty lines are skipped. A line that isn't JSON, or is too long, is a LineError.
 */
export async function* jsonLines(source, { maxLength = MAX_LENGTH } = {}) {
  const stream = await streamOf(source);
  const lines = new Lines(/\n/g, maxLength);
  let number = 0;
  const parse = (line) => {
    try {
      return JSON.parse(line);
    } catch (error) {
      throw new LineError(number, error);
    }
  };
  for await (const text of decoded(stream)) {
    try {
      for (const line of lines.push(text)) {
        number++;
        if (line.trim() !== '') yield parse(line);
      }
    } catch (error) {
      throw error instanceof RangeError ? new LineError(number + 1, error) : error;
    }
  }
  number++;
  if (lines.rest.trim() !== '') yield parse(lines.rest);
}

/**
 * Yields the events of a response as events does. When the stream ends or breaks it sends the request again, with the id
 * of the last event in Last-Event-ID, as EventSource does, but with any method, headers and body. It goes on until you leave
 * the loop, the signal is aborted, or the server responds with 204. After maxAttempts in a row without an event, or a
 * response that would be the same again, it throws.
 */
export async function* eventSource(input, init = {}, options = {}) {
  const { fetch = hashingFetch, maxAttempts = 5, maxDelay = 30_000, maxLength = MAX_LENGTH } = options;
  if (typeof init.body?.getReader === 'function' || init.body?.[Symbol.asyncIterator]) {
    throw new UsageError("cloudfurl: a stream as body can't be sent again: give bytes, a string or a form");
  }
  const request = asRequest(input);
  const signal = init.signal ?? request?.signal;
  const state = { lastEventId: options.lastEventId ?? '', retry: undefined };
  for (let failed = 0; ;) {
    let received = false;
    let cause = new Error('the stream ended without an event');
    try {
      const response = await fetch(request ? request.clone() : input, {
        ...init,
        headers: headersFor(init, request, state),
      });
      if (response.status === 204) return;
      for await (const event of interpret(response, state, maxLength)) {
        received = true;
        yield event;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (permanent(error)) throw error;
      cause = error;
    }
    failed = received ? 0 : failed + 1;
    if (failed === maxAttempts) throw new Error(`cloudfurl: gave up after ${failed} attempts: ${cause.message}`, { cause });
    await sleep(delay(failed, Math.max(state.retry ?? 1000, 100), maxDelay), signal);
  }
}

// Statuses that may be another one the next time, of CloudFront and Lambda when they are busy or the function fails.
const PASSING = new Set([429, 500, 502, 503, 504]);

function permanent(error) {
  if (error instanceof ResponseError) return !PASSING.has(error.status);
  return error instanceof RangeError || error instanceof UsageError;
}

function headersFor(init, request, { lastEventId }) {
  const headers = new Headers(init.headers ?? request?.headers);
  // fetch's own default is */*.
  if (!headers.has('accept')) headers.set('accept', 'text/event-stream');
  // As UTF-8: a header's value in JavaScript is a string of bytes.
  if (lastEventId !== '') headers.set('last-event-id', String.fromCharCode(...new TextEncoder().encode(lastEventId)));
  return headers;
}

// Doubles with every failure. Up to half is left out by chance, so that not all clients return at once.
function delay(failed, retry, maxDelay) {
  return Math.min(retry * 2 ** failed, Math.max(maxDelay, retry)) * (1 - Math.random() / 2);
}

function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => (clearTimeout(timer), reject(signal.reason));
    const timer = setTimeout(() => (signal?.removeEventListener('abort', abort), resolve()), ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

// Splits text into lines as it arrives. rest is what came after the last end.
class Lines {
  rest = '';
  #afterCR = false;

  constructor(ends, maxLength) {
    this.ends = ends;
    this.maxLength = maxLength;
  }

  *push(text) {
    // A CR ends its line at once, because the next character may be long in coming.
    let start = this.#afterCR && text.startsWith('\n') ? 1 : 0;
    if (text !== '') this.#afterCR = false;
    for (const end of text.slice(start).matchAll(this.ends)) {
      const at = text.length - end.input.length + end.index;
      const line = this.rest + text.slice(start, at);
      this.rest = '';
      if (line.length > this.maxLength) throw tooLong(this.maxLength);
      start = at + end[0].length;
      if (end[0] === '\r' && start === text.length) this.#afterCR = true;
      yield line;
    }
    this.rest += text.slice(start);
    if (this.rest.length > this.maxLength) throw tooLong(this.maxLength);
  }
}

function tooLong(maxLength) {
  return new RangeError(`over ${maxLength} characters in one event or line: raise maxLength`);
}

// Returns the stream of a source, which has to be of a type if it is a Response.
async function streamOf(source, type) {
  if (typeof source?.headers?.get !== 'function') return source;
  const got = (source.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  const right = source.ok && (type === undefined || got === type || source.status === 204);
  if (right) return source.body ?? [];
  const beginning = source.ok ? '' : `: ${await beginningOf(source)}`;
  if (source.ok) source.body?.cancel().catch(() => {});
  throw new ResponseError(`cloudfurl: got ${source.status} as "${got}", want ${type ?? 'a stream'}${beginning}`, source);
}

async function beginningOf(response) {
  let text = '';
  for await (const piece of decoded(response.body ?? [])) {
    text += piece;
    if (text.length >= 500) break;
  }
  return text.slice(0, 500);
}

// Removes a byte order mark, and replaces what isn't UTF-8. Node.js 24 removes two marks if the first is split over chunks,
// so the decoder leaves them.
async function* decoded(stream) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let begun = false;
  for await (const chunk of chunksOf(stream)) {
    const text = decoder.decode(chunk, { stream: true });
    yield !begun && text.startsWith('\ufeff') ? text.slice(1) : text;
    begun ||= text !== '';
  }
  yield decoder.decode();
}

// Safari has no async iterator of a ReadableStream.
async function* chunksOf(stream, signal) {
  if (typeof stream.getReader !== 'function') return yield* stream;
  const reader = stream.getReader();
  const abort = () => reader.cancel(signal.reason).catch(() => {});
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', abort);
    // Does nothing to a stream that has ended.
    reader.cancel().catch(() => {});
  }
}
