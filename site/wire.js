// The log of what went over the wire, as far as a page can see it: browsers hide
// some request headers.

// How much of one exchange is shown, so that a long stream doesn't slow the page.
const maxChunks = 200;
const maxPreview = 240; // characters of a chunk

const decoder = new TextDecoder();

/** Shows requests and responses in an element, the newest last. */
export class Wire {
  #log;
  #follow = true;

  constructor(log) {
    this.#log = log;
    log.addEventListener('scroll', () => {
      this.#follow = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    });
  }

  clear() {
    this.#log.replaceChildren();
  }

  /** Begins an exchange. */
  begin(method, url, lines) {
    const article = document.createElement('article');
    const title = document.createElement('h3');
    const { pathname, search } = new URL(url, location.href);
    title.textContent = `${method} ${pathname}${search}`;
    article.append(title);
    this.#log.append(article);
    const exchange = new Exchange(article, () => this.#scroll());
    exchange.lines('sent', lines);
    return exchange;
  }

  /** Returns a fetch that logs each request, response and chunk. */
  recording(fetch, watch = () => {}) {
    return async (input, init) => {
      const request = new Request(input, init);
      const size = init?.body?.byteLength ?? init?.body?.size;
      const body = size === undefined ? init?.body : `${size} bytes`;
      const exchange = this.begin(request.method, request.url, [...headerLines(request.headers), ...(body ? ['', preview(String(body))] : [])]);
      let response;
      try {
        response = await fetch(input, init);
      } catch (error) {
        throw exchange.broke(error);
      }
      watch(response);
      exchange.lines('received', [`${response.status} ${response.statusText}`.trim(), ...headerLines(response.headers)]);
      if (!response.body) return response;
      return new Response(exchange.logged(response.body), response);
    };
  }

  #scroll() {
    if (this.#follow) this.#log.scrollTop = this.#log.scrollHeight;
  }
}

/** One request and its response. */
class Exchange {
  #article;
  #changed;
  #begun = performance.now();
  #chunks = 0;
  #bytes = 0;

  constructor(article, changed) {
    this.#article = article;
    this.#changed = changed;
  }

  lines(kind, lines) {
    if (lines.length === 0) return;
    this.#append(kind, lines.join('\n'));
  }

  note(text) {
    this.#append('note', text);
  }

  /** Returns a stream with the same chunks, which are logged as they arrive. */
  logged(stream) {
    const reader = stream.getReader();
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) return this.end(), controller.close();
          this.chunk(value);
          controller.enqueue(value);
        } catch (error) {
          controller.error(this.broke(error));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  chunk(bytes) {
    this.#bytes += bytes.byteLength;
    if (++this.#chunks > maxChunks) return;
    const pre = this.#append('chunk', preview(decoder.decode(bytes)));
    pre.prepend(this.#time(), `${bytes.byteLength} B  `);
    if (this.#chunks === maxChunks) this.note('Further chunks aren’t shown.');
  }

  end() {
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(2);
    this.note(`End after ${seconds} s: ${this.#chunks} chunks, ${this.#bytes} bytes.`);
  }

  /** Logs why there is no more of the exchange. Returns an error that says so to people: browsers' own are terse. */
  broke(error) {
    const stopped = error.name === 'AbortError';
    const why = stopped ? error : new Error(`The connection broke off: ${error.message}.`, { cause: error });
    this.note(stopped ? 'Stopped by this page.' : why.message);
    return why;
  }

  #time() {
    const time = document.createElement('time');
    time.textContent = `+${Math.round(performance.now() - this.#begun)} ms`;
    return time;
  }

  #append(kind, text) {
    const pre = document.createElement('pre');
    pre.className = kind;
    pre.textContent = text;
    this.#article.append(pre);
    this.#changed();
    return pre;
  }
}

const headerLines = (headers) => [...headers].map(([name, value]) => `${name}: ${value}`);

function preview(text) {
  const shown = text.replace(/[^\P{C}\n]/gu, '·').trimEnd();
  return shown.length > maxPreview ? `${shown.slice(0, maxPreview)}…` : shown;
}

/** Returns why a response isn't OK, for people. */
export async function reason(response) {
  const text = await response.text();
  try {
    const { message, hint = '' } = JSON.parse(text).error;
    return `${message} ${hint}`.trim();
  } catch {
    return text; // It isn't from the demo or its edge functions.
  }
}

export const refusal = async (response) => new Error(`Got ${response.status}: ${await reason(response)}`);
