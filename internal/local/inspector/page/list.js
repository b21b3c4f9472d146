import { h, ms, status } from './dom.js';

const limit = 300; // as the server keeps

/** Shows requests, the newest first. */
export class List {
  #list;
  #rows = new Map(); // elements by id
  #changed = new Set();
  #filter = () => true;
  #rendered;
  requests = new Map(); // summaries by id
  selected = [];
  paused = false;

  /** rendered is called after each rendering. */
  constructor(list, rendered) {
    this.#list = list;
    this.#rendered = rendered;
  }

  /** Shows these requests in place of all. */
  replace(requests) {
    this.requests.clear();
    this.#changed.clear();
    for (const request of requests) this.put(request);
    this.render();
  }

  /** Adds or updates one request, which render shows. */
  put(request) {
    this.requests.set(request.id, request);
    this.#changed.add(request.id);
    const oldest = this.requests.size > limit && Math.min(...this.requests.keys());
    for (const known of [this.requests, this.#changed]) known.delete(oldest);
  }

  render() {
    for (const [id, row] of this.#rows) {
      if (this.requests.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const id of [...this.#changed].sort((a, b) => a - b)) this.#show(this.requests.get(id));
    this.#changed.clear();
    this.#rendered();
  }

  filter(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#filter = (request) => words.every((word) => matches(request, word));
    for (const id of this.requests.keys()) this.#changed.add(id);
    this.render();
  }

  /** Marks the requests that are shown. */
  select(ids) {
    for (const id of [...this.selected, ...ids]) this.#rows.get(id)?.firstChild.removeAttribute('aria-current');
    this.selected = ids;
    for (const id of ids) this.#rows.get(id)?.firstChild.setAttribute('aria-current', 'true');
  }

  /** Returns the id of the request that is so many rows below the selected one, or the nearest. */
  beside(step) {
    const ids = this.visible.map((row) => row.value);
    const at = ids.indexOf(this.selected.at(-1));
    return ids[at < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, at + step))];
  }

  focus(id) {
    (this.#rows.get(id) ?? this.visible[0])?.firstChild.focus();
  }

  /** The rows that the filter lets through. */
  get visible() {
    return [...this.#list.children].filter((row) => !row.hidden);
  }

  #show(request) {
    let row = this.#rows.get(request.id);
    if (!row) {
      row = h('li', { value: request.id }, h('a', { href: `#${request.id}` }));
      this.#rows.set(request.id, row);
      this.#list.insertBefore(row, [...this.#list.children].find((other) => other.value < request.id) ?? null);
    }
    const [kind, text] = status(request);
    row.hidden = !this.#filter(request);
    row.firstChild.replaceChildren(
      h('b', { className: kind }, text), h('span', { className: 'method' }, request.method), h('span', { className: 'target' }, request.target.slice(0, 300)),
      h('span', { className: 'time' }, request.done ? ms(request.totalMs) : ''),
      h('small', {}, [`#${request.id}`, request.failed && `ended by ${request.failed}`, request.end, request.start === 'cold' && 'cold start', request.part].filter(Boolean).join(' · ')));
    if (this.selected.includes(request.id)) row.firstChild.setAttribute('aria-current', 'true');
  }
}

function matches(request, word) {
  if (word === 'failed') return Boolean(request.failed || request.end || request.status >= 400);
  if (/^[1-5](\d\d|xx)$/.test(word)) return String(request.status ?? '').startsWith(word.replace('xx', ''));
  return [request.method, request.target, request.host, request.part, request.failed, request.environment, `#${request.id}`]
    .some((text) => text?.toLowerCase().includes(word));
}
