/** The largest request that Lambda accepts, in bytes: 6 MB. A body that isn't text counts in base64 there. */
export const MAX_BODY: number;

/** How many characters an event or a line may have by default: 8 Mi. */
export const MAX_LENGTH: number;

/** What sends requests as fetch does. */
export type Fetch = (...request: Parameters<typeof globalThis.fetch>) => ReturnType<typeof globalThis.fetch>;

/** A response, its body, or another source of its bytes. */
export type Source = Response | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface StreamOptions {
  /** How many characters an event or a line may have. Default: MAX_LENGTH */
  maxLength?: number;
}

export interface ServerSentEvent {
  /** The name of the event. Default: "message" */
  type: string;
  /** The data, with a line feed between its lines. */
  data: string;
  /** The id of the event, or of the last one before it that had one. */
  lastEventId: string;
  /** How many milliseconds to wait before reconnecting, if the server has said so yet. */
  retry: number | undefined;
}

export interface EventSourceOptions extends StreamOptions {
  /** What sends the requests. Default: hashingFetch */
  fetch?: Fetch;
  /** The id of the last event of an earlier subscription. Default: none */
  lastEventId?: string;
  /** How many attempts in a row may fail, or end without an event. Default: 5 */
  maxAttempts?: number;
  /** The longest time between two attempts in milliseconds, unless the server asks for more. Default: 30,000 */
  maxDelay?: number;
}

/** What a response in JSON says under "error". The edge functions send code and hint. */
export interface ErrorDetails {
  message: string;
  code?: string;
  /** What to do. */
  hint?: string;
  /** The limit that the request exceeds. */
  limit?: string | number;
  [other: string]: unknown;
}

/** A response that isn't the stream that was asked for. */
export class ResponseError extends Error {
  private constructor();
  /** Its body has been read. */
  readonly response: Response;
  readonly status: number;
  /** What the body says, if it is JSON with a message under "error". */
  readonly error: ErrorDetails | undefined;
}

/** A line that couldn't be read. The cause says why. */
export class LineError extends Error {
  private constructor();
  /** The number of the line; the first is 1. */
  readonly line: number;
}

/**
 * fetch, with the SHA-256 of the body in x-amz-content-sha256. Takes every body that fetch takes, and reads all of it into
 * memory: more than MAX_BODY is a RangeError. A request that has the header already is sent as it is. Needs crypto.subtle for
 * a body, which pages have from HTTPS or localhost only. Doesn't try again, and returns HTTP errors as fetch does.
 */
export const hashingFetch: typeof globalThis.fetch;

/** Returns a hashingFetch that sends by another fetch, or accepts larger bodies. */
export function createFetch(options?: {
  /** What sends the requests. Default: fetch */
  fetch?: Fetch;
  /** How many bytes a body may have. Default: MAX_BODY */
  maxBody?: number;
}): typeof globalThis.fetch;

/**
 * Yields the events of a text/event-stream, each as soon as its last line arrives. Leaving the loop closes the stream. Throws a
 * ResponseError for a response that isn't one, and what fetch throws when the connection breaks.
 */
export function events(source: Source, options?: StreamOptions): AsyncIterableIterator<ServerSentEvent>;

/**
 * Yields the values of a stream with one JSON value a line (NDJSON, JSON Lines), each as soon as its line arrives. Throws a
 * LineError for a line that isn't JSON, or is too long, and a ResponseError for a status that isn't 2xx.
 */
export function jsonLines<T = unknown>(source: Source, options?: StreamOptions): AsyncGenerator<T, void, void>;

/**
 * Yields the events of a response as events does. When the stream ends or breaks it sends the request again, with the id of the
 * last event in Last-Event-ID, until you leave the loop, the signal is aborted, or the server responds with 204. It tries again
 * after 429, 500, 502, 503, 504 and errors of the network; everything else it throws.
 */
export function eventSource(
  input: Parameters<Fetch>[0],
  init?: Parameters<Fetch>[1],
  options?: EventSourceOptions,
): AsyncGenerator<ServerSentEvent, void, void>;
