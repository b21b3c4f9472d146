// The strip that shows which steps of the path a request passes. The page can't
// look into CloudFront: what a step did follows from the request and the response.

/** Shows the path of one request after the other. */
export class Path {
  #steps;

  constructor(list) {
    this.#steps = new Map([...list.children].map((item) => [item.dataset.step, item]));
  }

  /** A request with a body is sent. */
  sent({ hashed }) {
    for (const item of this.#steps.values()) item.className = '';
    this.#mark('browser', 'passed');
    this.#mark('hash', hashed ? 'skipped' : '');
    this.#text('hash', hashed ? 'checks this page’s hash' : 'hashes the body');
  }

  /** The response has begun. Lambda names its requests, so one without an id didn't get there. */
  responded(response) {
    const handler = response.headers.has('x-amzn-requestid');
    for (const step of ['host', 'hash', 'sign', 'url', 'handler']) {
      if (this.#steps.get(step).className !== 'skipped') this.#mark(step, handler ? 'passed' : 'failed');
    }
  }

  #mark(step, state) {
    this.#steps.get(step).className = state;
  }

  #text(step, text) {
    this.#steps.get(step).querySelector('span').textContent = text;
  }
}
