// The agent: one run of its workflow, asked by POST, because EventSource can only
// GET. Each event has a type and JSON with the node that it is about.
import { events } from './cloudfurl.mjs';
import { refusal } from './wire.js';

// The nodes whose text is the answer: a revision replaces the draft.
const writers = ['draft', 'revise'];

// What the state of a node is after an event.
const states = {
  node_started: 'running', node_finished: 'done', node_failed: 'failed', node_retrying: 'retrying', node_skipped: 'skipped', node_canceled: 'failed',
};

/** Asks questions, and shows the steps and their text as they arrive. */
export class Agent {
  #parts;
  #hooks;
  #abort;
  #nodes;

  /**
   * @param {Record<string, HTMLElement>} parts elements: status, nodes, answer, sources, work
   * @param {object} hooks fetch, sent, began and arrived are called on the way
   */
  constructor(parts, hooks) {
    this.#parts = parts;
    this.#hooks = hooks;
  }

  /** Runs the workflow. The promise is fulfilled when the run has ended, however it ended. */
  async ask(question) {
    this.#abort = new AbortController();
    this.#nodes = new Map();
    for (const part of ['nodes', 'answer', 'sources', 'work']) this.#parts[part].replaceChildren();
    this.#say('Waiting for the first byte.');
    this.#hooks.began();
    try {
      let last;
      for await (const { type, data } of this.#run(question)) {
        this.#hooks.arrived();
        last = type;
        this.#show(type, JSON.parse(data));
      }
      if (!last?.startsWith('run_') || last === 'run_started') throw new Error('The stream ended before the run did.');
    } catch (error) {
      for (const node of this.#nodes.values()) node.stop();
      if (this.#abort.signal.aborted) this.#say('Stopped. The function still runs to its end: Lambda isn’t told that a viewer has left.');
      else this.#say(String(error.message ?? error), 'bad');
    }
  }

  stop() {
    this.#abort?.abort();
  }

  async *#run(question) {
    this.#hooks.sent({ hashed: false });
    const response = await this.#hooks.fetch('agent', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ question }), signal: this.#abort.signal,
    });
    if (!response.ok) throw await refusal(response);
    yield* events(response);
  }

  #show(type, event) {
    if (states[type]) this.#node(event.node).state(states[type], event.error);
    if (type === 'token') this.#node(event.node).write(event.text);
    if (type === 'node_finished') this.#found(event.node, event.output?.passages ?? []);
    if (type === 'node_started') this.#say(`${event.node} is running.`);
    if (type === 'run_finished') this.#say('Done.', 'good');
    if (type === 'run_failed' || type === 'run_canceled') this.#say(event.error ?? 'The run was canceled.', 'bad');
  }

  /** Shows what a search has found, or by its numbers what the answer cites: both stream no tokens. */
  #found(name, passages) {
    if (name !== 'answer') return passages.forEach(({ title }) => this.#node(name).write(`${title}\n`));
    const cited = new Map();
    passages.forEach(({ title }, i) => {
      const number = `[${i + 1}] `;
      if (this.#parts.answer.textContent.includes(number.trim())) cited.set(title, (cited.get(title) ?? '') + number);
    });
    this.#parts.sources.textContent = [...cited].map(([title, numbers]) => numbers + title).join('\n');
  }

  #node(name) {
    if (!this.#nodes.has(name)) this.#nodes.set(name, new Node(name, this.#parts));
    return this.#nodes.get(name);
  }

  #say(text, state = '') {
    this.#parts.status.textContent = text;
    this.#parts.status.className = `status ${state}`;
  }
}

/** One node of the workflow: its mark in the list, and its text. */
class Node {
  #mark = document.createElement('li');
  #text;
  #work;
  #answer;
  #name;

  constructor(name, { nodes, answer, work }) {
    this.#name = name;
    this.#work = work;
    if (writers.includes(name)) this.#answer = answer;
    this.#mark.textContent = name;
    nodes.append(this.#mark);
  }

  state(state, error) {
    this.#mark.className = state;
    this.#mark.textContent = state === 'running' || state === 'done' ? this.#name : `${this.#name}, ${state}`;
    if (state === 'running') this.#answer?.replaceChildren();
    // Tokens of an attempt that failed are void.
    if (state === 'retrying') this.#text?.replaceChildren();
    if (state === 'failed' && error) this.#log(`\n${error}`);
  }

  /** Marks a node that nothing more will come of. */
  stop() {
    if (['running', 'retrying'].includes(this.#mark.className)) this.state('stopped');
  }

  write(text) {
    this.#answer?.append(text);
    this.#log(text);
  }

  #log(text) {
    if (!this.#text) {
      const title = document.createElement('h3');
      title.textContent = this.#name;
      this.#text = document.createElement('p');
      this.#work.append(title, this.#text);
    }
    this.#text.append(text);
  }
}
