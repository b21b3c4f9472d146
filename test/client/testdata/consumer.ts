// Compiled by types_test.go as a project that depends on @cloudfurl/client. A line after "@ts-expect-error" has to be an error.
import {
  createFetch,
  eventSource,
  events,
  hashingFetch,
  jsonLines,
  LineError,
  MAX_BODY,
  MAX_LENGTH,
  ResponseError,
  type ErrorDetails,
  type EventSourceOptions,
  type Fetch,
  type ServerSentEvent,
  type Source,
  type StreamOptions,
} from '@cloudfurl/client';

const url: string | URL | Request = new Request('https://example.com/');
const plain: Fetch = async (input, init) => hashingFetch(input, init);
const likeFetch: typeof fetch = createFetch({ fetch: plain, maxBody: MAX_BODY + MAX_LENGTH });
const options: EventSourceOptions & StreamOptions = { fetch: likeFetch, lastEventId: '1', maxAttempts: 1, maxDelay: 1, maxLength: 1 };

export async function use(signal: AbortSignal): Promise<ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  const response = await hashingFetch(url, { method: 'POST', body: new FormData(), headers: new Headers(), signal });
  const source: Source = response;
  for await (const event of events(source, { maxLength: 10 })) all.push(event);
  for await (const event of eventSource('/', { body: new Blob(['a']), signal: null }, options)) all.push(event);
  if (response.body) for await (const { n } of jsonLines<{ n: number }>(response.body)) n.toFixed();
  const number: number | undefined = all[0]?.retry;
  all.push({ type: 'a', data: 'b', lastEventId: 'c', retry: number });
  return all;
}

export function explain(error: unknown): string | undefined {
  if (error instanceof LineError) return `line ${error.line.toFixed()}`;
  if (!(error instanceof ResponseError)) return undefined;
  const details: ErrorDetails | undefined = error.error;
  return details?.hint ?? error.response.headers.get('x-cache') ?? error.status.toFixed();
}

// @ts-expect-error: a string is no source
events('data: a');
// @ts-expect-error: there is no such option
events(new Response(), { maxBytes: 1 });
// @ts-expect-error: a value is unknown unless the caller says what it is
jsonLines(new Response()).next().then(({ value }) => value.n);
// @ts-expect-error: a limit is a number
createFetch({ maxBody: '6 MB' });
// @ts-expect-error: errors are made by the client only
new ResponseError('message', new Response());
// @ts-expect-error: an event has no name
for await (const event of events(new Response())) event.name;
// @ts-expect-error: error may be missing
(error: ResponseError) => error.error.hint;
