import { back, bytes, h, ms, plural, status } from './dom.js';

/** Returns the parts that show how two requests differ. */
export function compare(a, b) {
  const summaries = [['Status', (t) => status(t)[1]], ['Target', (t) => `${t.method} ${t.target}`], ['Part', (t) => t.part], ['Ended by', (t) => t.failed || t.end],
    ['Cause', (t) => t.failure?.cause], ['First byte', (t) => ms(t.firstByteMs)], ['Total', (t) => ms(t.totalMs)], ['Received', (t) => bytes(t.bytes)],
    ['Environment', (t) => [t.environment, t.start].filter(Boolean).join(', ')]];
  const link = (trace) => h('a', { href: `#${trace.id}` }, `#${trace.id}`);
  return [
    h('header', {}, back(), h('h2', { tabIndex: -1 }, 'Compare ', link(a), ' with ', link(b))),
    table('Summary', a, b, summaries.map(([name, of]) => [name, of(a) || '–', of(b) || '–'])),
    table('Path', a, b, stages(a, b)),
    differing('Request headers', a, b, headers(a.request), headers(b.request)),
    differing('Response headers', a, b, headers(a.response), headers(b.response)),
    differing('What stages saw and decided', a, b, facts(a), facts(b)),
  ].filter(Boolean);
}

function stages(a, b) {
  const key = ({ name, way }) => `${name}\n${way}`;
  const keys = new Set([...a.stages, ...b.stages].map(key));
  const text = (stage) => (stage ? `${ms(stage.durationMs)}${stage.outcome === 'passed' ? '' : ` ${stage.outcome}`}` : '–');
  return [...keys].map((name) => {
    const [x, y] = [a, b].map((trace) => trace.stages.find((stage) => key(stage) === name));
    return [name.split('\n')[0], text(x), text(y), x?.outcome !== y?.outcome || apart(x.durationMs, y.durationMs)];
  });
}

// Reports whether two times differ by more than what changes from request to request.
const apart = (x, y) => Math.abs(x - y) > 1 && Math.max(x, y) > 2 * Math.min(x, y);

function headers(message) {
  const found = new Map();
  for (const [name, value] of message.headers) found.set(name, found.has(name) ? `${found.get(name)}, ${value}` : value);
  return found;
}

const facts = ({ stages }) => new Map(stages.flatMap((stage) => [
  ...stage.facts.map(([key, value]) => [`${stage.name}: ${key}`, value]),
  ...stage.changes.map((change) => [`${stage.name}: ${change.kind} ${change.what} ${change.name}`, change.after || change.before]),
]));

function differing(title, a, b, x, y) {
  const names = [...new Set([...x.keys(), ...y.keys()])];
  const rows = names.filter((name) => x.get(name) !== y.get(name)).map((name) => [name, x.get(name) ?? '–', y.get(name) ?? '–']);
  if (names.length > 0) return table(title, a, b, rows, `${plural(names.length - rows.length, 'value')} the same`);
}

function table(title, a, b, rows, note = '') {
  return h('section', {}, h('h3', {}, `${title} `, h('span', { className: 'quiet' }, note)), rows.length > 0 &&
    h('table', { className: 'compare' }, h('thead', {}, h('tr', {}, h('td', {}), [a, b].map(({ id }) => h('th', { scope: 'col' }, `#${id}`)))),
      h('tbody', {}, rows.map(([name, x, y, differs = x !== y]) => h('tr', { className: differs ? 'differs' : 'same' },
        h('th', { scope: 'row' }, name), h('td', {}, x), h('td', {}, y))))));
}
