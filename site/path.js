// The strip that shows which steps of the path a request passes, and which of them
// responded. The page can't look into CloudFront: the response's headers tell.

/** Shows the path of one request after the other. */
export class Path {
  #steps;
  #why;

  /** The list has an item for each step, and why is the element for what a step objects to. */
  constructor(list, why) {
    this.#steps = new Map([...list.children].map((item) => [item.dataset.step, item]));
    this.#why = why;
  }

  /** A request with a body is sent. */
  sent({ hashed }) {
    for (const item of this.#steps.values()) mark(item, '');
    mark(this.#steps.get('browser'), 'passed', 'sent');
    if (hashed) mark(this.#steps.get('hash'), 'skipped', 'checks this page’s hash');
    this.#why.textContent = '';
  }

  /** The response has begun. If it isn't OK, why is its text. */
  responded(response, why = '') {
    const responder = responderOf(response);
    let reached = true;
    for (const [step, item] of this.#steps) {
      if (step === responder) mark(item, response.ok ? 'passed' : 'failed', `responded with ${response.status}`);
      else if (!reached) mark(item, '', 'not reached');
      else if (item.className === '') mark(item, 'passed', 'passed');
      reached &&= step !== responder;
    }
    this.#why.textContent = why && `${this.#steps.get(responder).querySelector('b').textContent}: ${why}`;
  }
}

function mark(item, state, text = '') {
  item.className = state;
  item.querySelector('small').textContent = text;
}

// X-Cache names what generated a response. Lambda names its requests, and what it rejects has an error type. What is left
// is CloudFront's own: before its functions run if it is the viewer's fault, and else when it asks the origin.
function responderOf({ headers, status }) {
  const cache = headers.get('x-cache') ?? '';
  if (cache.startsWith('FunctionGenerated')) return 'host';
  if (cache.startsWith('LambdaGenerated')) return 'hash';
  if (headers.has('x-amzn-errortype')) return 'url';
  if (headers.has('x-amzn-requestid')) return 'handler';
  return status < 500 ? 'host' : 'sign';
}
