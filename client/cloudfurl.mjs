// What JavaScript callers of a streaming endpoint need: fetch with the SHA-256 of the body, and the values of streams.
// Runs in browsers, Node.js 20 and later, Bun and Deno. One file, so that it can be copied: the package has nothing else. Its
// types are in cloudfurl.d.mts, and test/client/types_test.go checks this file against them.

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

/** A response that isn't the stream that was asked for. `error` is what its JSON says under "error", with a message. */
export class ResponseError extends Error {
  name = 'ResponseError';

  constructor(message, response, error) {
    super(message);
    this.response = response;
    this.status = response.status;
    this.error = error;
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
 * @type {typeof import('./cloudfurl.mjs').hashingFetch}
 */
export const hashingFetch = /* @__PURE__ */ createFetch();

/**
 * Returns a hashingFetch that sends by another fetch, or accepts larger bodies.
 * @type {typeof import('./cloudfurl.mjs').createFetch}
 */
export function createFetch({ fetch = (input, init) => globalThis.fetch(input, init), maxBody = MAX_BODY } = {}) {
  return async function hashingFetch(input, init) {
    init ??= {}; // null is nothing, too, for fetch
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
    // Before the body, because Bun 1.4 forgets the type when it is asked for that.
    const type = extracted.headers.get('content-type');
    const blob = await drain(extracted.body, maxBody, signalOf(init, request));
    if (type && !headers.has('content-type')) headers.set('content-type', type);
    headers.set(HASH, await sha256(await blob.arrayBuffer()));
    // As a Blob, because fetch of Node.js 20 can't send an array again after a redirect.
    return fetch(input, { ...init, headers, body: blob });
  };
}

// Returns input if it is a Request, of whichever implementation.
function asRequest(input) {
  return typeof input?.arrayBuffer === 'function' ? input : undefined;
}

// A signal of null takes away that of the Request.
function signalOf(init, request) {
  return init.signal === undefined ? request?.signal : init.signal;
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
  for await (const chunk of chunksOf(stream, { signal })) {
    if (!(chunk instanceof Uint8Array)) throw new UsageError('cloudfurl: a stream as body has to consist of Uint8Arrays');
    length += chunk.byteLength;
    if (length > limit) {
      throw new RangeError(
        `cloudfurl: the body is over ${limit} bytes: upload it elsewhere, for example to Amazon S3 with a presigned URL`,
      );
    }
    chunks.push(chunk);
  }
  return new Blob(chunks);
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
 * @type {typeof import('./cloudfurl.mjs').events}
 */
export function events(source, { maxLength = MAX_LENGTH } = {}) {
  return new EventReader(source, { lastEventId: '', retry: undefined }, maxLength);
}

// Parses an event when it is asked for one. An async generator would be shorter, but takes longer to hand an event over than
// this takes to parse it. Keeps the last id and the reconnection time in state.
class EventReader {
  #chunks;
  #ended = false;
  #decoder = new Decoder();
  #afterCR = false;
  #lines = new Lines();
  #text = '';
  #at = 0; // of the text that isn't parsed
  #state;
  #maxLength;
  #id;
  #type = '';
  #data;

  constructor(source, state, maxLength) {
    this.#chunks = chunksOf(source, { type: 'text/event-stream' });
    this.#state = state;
    this.#maxLength = maxLength;
    this.#id = state.lastEventId;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<import('./cloudfurl.mjs').ServerSentEvent>>} */
  async next() {
    try {
      for (;;) {
        const value = this.#parse();
        if (value !== undefined) return { done: false, value };
        if (this.#ended) return { done: true, value };
        if (this.#lines.rest.length > this.#maxLength) throw tooLong(this.#maxLength);
        const chunk = await this.#chunks.next();
        if (chunk.done) this.#ended = true;
        else this.#push(chunk.value);
      }
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(value) {
    [this.#text, this.#at, this.#ended] = ['', 0, true];
    await this.#chunks.return();
    return { done: true, value };
  }

  #push(bytes) {
    this.#text = this.#text.slice(this.#at) + this.#lines.push(this.#withLF(this.#decoder.decode(bytes)));
    this.#at = 0;
  }

  // Lines end with CR, LF or both. A CR ends its line at once, because the next character may be long in coming.
  #withLF(text) {
    if (text === '') return text;
    const rest = this.#afterCR && text.startsWith('\n') ? text.slice(1) : text;
    this.#afterCR = text.endsWith('\r');
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
  }

  // Returns the next event of the text.
  #parse() {
    while (this.#at < this.#text.length) {
      const end = this.#text.indexOf('\n', this.#at);
      const line = this.#text.slice(this.#at, end);
      this.#at = end + 1;
      if (line.length > this.#maxLength) throw tooLong(this.#maxLength);
      if (line !== '') {
        this.#field(line);
        continue;
      }
      const event = this.#finish();
      if (event.data !== undefined) return event;
    }
    return undefined;
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (name) {
      case 'data':
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        if (this.#data.length > this.#maxLength) throw tooLong(this.#maxLength);
        break;
      case 'event':
        this.#type = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^[0-9]{1,9}$/.test(value)) this.#state.retry = Number(value);
    }
  }

  // One without data is no event, but its id counts.
  #finish() {
    this.#state.lastEventId = this.#id;
    const event = { type: this.#type || 'message', data: this.#data, lastEventId: this.#id, retry: this.#state.retry };
    this.#type = '';
    this.#data = undefined;
    return event;
  }
}

/**
 * Yields the values of a stream with one JSON value a line (NDJSON, JSON Lines), each as soon as its line arrives. The
 * source is as for events. Empty lines are skipped. A line that isn't JSON, or is too long, is a LineError.
 * @type {typeof import('./cloudfurl.mjs').jsonLines}
 */
export async function* jsonLines(source, { maxLength = MAX_LENGTH } = {}) {
  const decoder = new Decoder();
  const lines = new Lines();
  let number = 0;
  // Returns undefined for an empty line, which is no value of JSON.
  const parse = (line) => {
    number++;
    try {
      if (line.length > maxLength) throw tooLong(maxLength);
      return line.trim() === '' ? undefined : JSON.parse(line);
    } catch (error) {
      throw new LineError(number, error);
    }
  };
  for await (const chunk of chunksOf(source)) {
    for (const line of lines.push(decoder.decode(chunk)).split('\n').slice(0, -1)) {
      const value = parse(line);
      if (value !== undefined) yield value;
    }
    if (lines.rest.length > maxLength) parse(lines.rest);
  }
  const value = parse(lines.rest + decoder.decode());
  if (value !== undefined) yield value;
}

/**
 * Yields the events of a response as events does. When the stream ends or breaks it sends the request again, with the id
 * of the last event in Last-Event-ID, as EventSource does, but with any method, headers and body. It goes on until you leave
 * the loop, the signal is aborted, or the server responds with 204. After maxAttempts in a row without an event, a response
 * that would be the same again, or an id that doesn't fit into a header, it throws.
 * @type {typeof import('./cloudfurl.mjs').eventSource}
 */
export async function* eventSource(input, init = {}, options = {}) {
  const { fetch = hashingFetch, maxAttempts = 5, maxDelay = 30_000, maxLength = MAX_LENGTH } = options;
  const body = /** @type {any} */ (init.body);
  if (typeof body?.getReader === 'function' || body?.[Symbol.asyncIterator]) {
    throw new UsageError("cloudfurl: a stream as body can't be sent again: pass bytes, a string or a form");
  }
  const request = asRequest(input);
  // Fails for what fetch would refuse each time, such as a GET with a body. Another fetch may accept what this one doesn't.
  if (!options.fetch) new Request(request ? request.clone() : input, init);
  const signal = signalOf(init, request);
  const state = { lastEventId: options.lastEventId ?? '', retry: undefined };
  let headers = headersFor(init, request, state);
  for (let failed = 0; ;) {
    let received = false;
    let cause = /** @type {any} */ (new Error('the stream ended without an event'));
    try {
      const response = await fetch(request ? request.clone() : input, { ...init, headers });
      if (response.status === 204) return;
      for await (const event of new EventReader(response, state, maxLength)) {
        signal?.throwIfAborted(); // for those that came in the same chunk
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
    headers = headersFor(init, request, state);
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
  if (lastEventId !== '') headers.set('last-event-id', headerValue(lastEventId));
  return headers;
}

// How many bytes of UTF-8 an id may have. Apache httpd, for example, takes 8,190 bytes of a header with its name.
// See: https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestfieldsize
const MAX_ID = 8000;

// Returns an id in UTF-8: a header's value in JavaScript is a string of bytes.
function headerValue(id) {
  const bytes = new TextEncoder().encode(id);
  const control = bytes.find((byte) => (byte < 0x20 && byte !== 0x09) || byte === 0x7f);
  const fail = (problem) => {
    throw new RangeError(`cloudfurl: can't resume: the id of the last event ${problem}: let the server send other ids`);
  };
  if (control !== undefined) fail(`has the byte 0x${control.toString(16).padStart(2, '0')}, which no header may have`);
  if (bytes.length > MAX_ID) fail(`has ${bytes.length} bytes, and a header ${MAX_ID} at most`);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

// Doubles with every failure. Up to half is left out by chance, so that not all clients return at once.
function delay(failed, retry, maxDelay) {
  return Math.min(retry * 2 ** failed, Math.max(maxDelay, retry)) * (1 - Math.random() / 2);
}

/** @type {(ms: number, signal?: AbortSignal | null) => Promise<void>} */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => (clearTimeout(timer), reject(signal?.reason));
    const timer = setTimeout(() => (signal?.removeEventListener('abort', abort), resolve()), ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

// Gathers text until its lines are complete. rest is what came after the last LF.
class Lines {
  rest = '';

  /** Returns the lines that a piece of the text completes, each with its LF. */
  push(text) {
    const end = text.lastIndexOf('\n') + 1;
    const lines = end === 0 ? '' : this.rest + text.slice(0, end);
    this.rest = end === 0 ? this.rest + text : text.slice(end);
    return lines;
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
  const text = source.ok ? '' : await beginningOf(source);
  if (source.ok) source.body?.cancel().catch(() => {});
  const message = `cloudfurl: got ${source.status} as "${got}", want ${type ?? 'a stream'}${text && `: ${text.slice(0, 500)}`}`;
  throw new ResponseError(message, source, errorIn(text));
}

// The edge functions refuse in this shape, and so do the APIs of models.
function errorIn(text) {
  try {
    const { error } = JSON.parse(text);
    return typeof error?.message === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

async function beginningOf(response) {
  const decoder = new Decoder();
  let text = '';
  for await (const chunk of chunksOf(response.body ?? [])) {
    text += decoder.decode(chunk);
    if (text.length >= 10_000) break;
  }
  return text;
}

// Removes a byte order mark, and replaces what isn't UTF-8. Node.js 24 removes two marks if the first is split over chunks,
// so its decoder leaves them.
class Decoder {
  #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  #begun = false;

  /** Returns the text of the next bytes. Without any, the stream has ended. */
  decode(bytes) {
    const text = this.#utf8.decode(bytes, { stream: bytes !== undefined });
    const marked = !this.#begun && text.startsWith('\ufeff');
    this.#begun ||= text !== '';
    return marked ? text.slice(1) : text;
  }
}

/**
 * Returns the bytes of a source. Safari has no async iterator of a ReadableStream.
 * @param {any} source
 * @param {{ type?: string, signal?: AbortSignal | null }} [options]
 */
async function* chunksOf(source, { type, signal } = {}) {
  const stream = await streamOf(source, type);
  if (typeof stream.getReader !== 'function') return yield* stream;
  const reader = stream.getReader();
  const abort = () => reader.cancel(signal?.reason).catch(() => {});
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
