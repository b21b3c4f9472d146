// The plot of a stream: one bar for each event, at its time, as high as the gap
// before it. Bars are redrawn at most once a frame.

const namespace = 'http://www.w3.org/2000/svg';

// The plot's own units; the page stretches it.
const width = 1000;
const height = 100;

// Milliseconds that the axes have at least, so that the first bars don't fill the plot.
const leastTime = 1000;
const leastGap = 100;

const milliseconds = (n) => (n < 1000 ? `${Math.round(n)} ms` : `${(n / 1000).toFixed(2)} s`);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Draws the events of one stream into an svg element and the figures beside it. */
export class Plot {
  #svg;
  #title;
  #figures;
  #begun = 0;
  #times = [];
  #scheduled = false;

  /**
   * @param {SVGElement} svg with a title
   * @param {Record<string, HTMLElement>} figures elements for first, count, median, longest and total
   */
  constructor(svg, figures) {
    this.#svg = svg;
    this.#title = svg.querySelector('title');
    this.#figures = figures;
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }

  /** Forgets the last stream; the next one begins now. */
  begin() {
    this.#begun = performance.now();
    this.#times = [];
    this.#schedule();
  }

  /** Adds an event that arrived now. */
  add() {
    this.#times.push(performance.now() - this.#begun);
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const times = this.#times;
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    const whole = Math.max(leastTime, times.at(-1) ?? 0) * 1.02;
    const highest = Math.max(leastGap, ...gaps);
    const marks = gaps.map((gap, i) => {
      const high = Math.max(1, (gap / highest) * height);
      return mark('rect', { x: (times[i + 1] / whole) * width, y: height - high, width: Math.max(1.5, width / 400), height: high });
    });
    if (times.length > 0) {
      const x = (times[0] / whole) * width;
      marks.unshift(mark('line', { x1: x, x2: x, y1: 0, y2: height }));
    }
    this.#svg.replaceChildren(this.#title, ...marks);
    this.#describe(times, gaps);
  }

  #describe(times, gaps) {
    const shown = {
      first: times.length ? milliseconds(times[0]) : '–',
      count: times.length || '–',
      median: gaps.length ? milliseconds(median(gaps)) : '–',
      longest: gaps.length ? milliseconds(Math.max(...gaps)) : '–',
      total: times.length ? milliseconds(times.at(-1)) : '–',
    };
    for (const [name, value] of Object.entries(shown)) this.#figures[name].textContent = value;
    this.#title.textContent = times.length
      ? `${shown.count} events in ${shown.total}, the first after ${shown.first}; median gap ${shown.median}, longest ${shown.longest}`
      : 'No events yet';
  }
}

function mark(name, attributes) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
