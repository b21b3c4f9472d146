/** The largest request that Lambda accepts, in bytes. */
export const MAX_BODY: number;

/** How many characters an event or a line may have by default. */
export const MAX_LENGTH: number;

type Fetch = typeof globalThis.fetch;

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

/** A response that isn't the stream that was asked for. */
export class ResponseError extends Error {
  readonly response: Response;
  readonly status: number;
}

/** A line that couldn't be read. The first is 1. */
export class LineError extends Error {
  readonly line: number;
}

/** fetch, with the SHA-256 of the body in x-amz-content-sha256. */
export const hashingFetch: Fetch;

/** Returns a hashingFetch that sends by another fetch, or accepts larger bodies. */
export function createFetch(options?: { fetch?: Fetch; maxBody?: number }): Fetch;

/** Yields the events of a text/event-stream. */
export function events(source: Source, options?: StreamOptions): AsyncIterableIterator<ServerSentEvent>;

/** Yields the values of a stream with one JSON value a line. */
export function jsonLines<T = unknown>(source: Source, options?: StreamOptions): AsyncGenerator<T, void, void>;

/** Yields the events of a response, and sends the request again when the stream ends or breaks. */
export function eventSource(
  input: Parameters<Fetch>[0],
  init?: Parameters<Fetch>[1],
  options?: EventSourceOptions,
): AsyncGenerator<ServerSentEvent, void, void>;
