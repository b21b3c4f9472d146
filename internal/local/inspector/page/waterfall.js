import { axis, bar, h, ms, plural, pre, values } from './dom.js';

const opened = new Set(); // the stages that the reader has opened stay open for the next request

/** Returns the stages of a request on their time line. */
export function waterfall(trace) {
  const { stages, firstByteMs } = trace;
  if (stages.length === 0) return undefined;
  const total = Math.max(trace.totalMs, ...stages.map(({ beginMs, durationMs }) => beginMs + durationMs), 0.01);
  const section = h('section', { className: 'waterfall' },
    firstByteMs > 0 && firstByteMs < total / 3 && zoom(), h('h3', {}, 'Path ', h('span', { className: 'quiet' }, 'select a stage for what it saw, changed and decided')),
    axis(total), axis(firstByteMs));
  section.style.setProperty('--first', firstByteMs ? firstByteMs / total : -1);
  section.style.setProperty('--zoom', total / firstByteMs);
  for (const [way, title] of [['in', 'To the handler'], ['out', 'On the way back']]) {
    const rows = stages.filter((stage) => way === (stage.name === 'stream' ? 'out' : stage.way));
    if (rows.length > 0) section.append(h('h4', {}, title), h('ol', {}, rows.map((stage) => h('li', {}, row(stage, total, stages[trace.failure?.stage] === stage)))));
  }
  return section;
}

let zoomed = true; // a stream's first milliseconds would all be in one place

function zoom() {
  return h('label', {}, h('input', { type: 'checkbox', checked: zoomed, onchange: ({ target }) => (zoomed = target.checked) }), ' until the first byte');
}

function row(stage, total, ended) {
  const { name, part, property, outcome, beginMs, durationMs, facts, changes } = stage;
  const line = [
    h('span', { className: 'stage' }, h('b', {}, name), (outcome || 'in progress') !== 'passed' && h('em', {}, outcome || 'in progress'),
      changes.length > 0 && h('small', {}, plural(changes.length, 'change'))),
    h('span', { className: 'track', ariaHidden: 'true' }, bar(`bar ${outcome}`, { at: beginMs / total, for: durationMs / total })), h('span', { className: 'time' }, ms(durationMs)),
  ];
  const where = [part, property].filter(Boolean).join(' · ');
  if (facts.length + changes.length === 0 && !where) return h('div', { className: `row ${outcome}` }, line);
  const details = h('details', { className: ended ? `${outcome} ended` : outcome, open: ended || opened.has(name) }, h('summary', { className: 'row' }, line), h('div', { className: 'inside' },
    where && h('p', { className: 'quiet' }, where),
    changes.length > 0 && h('ul', { className: 'changes', ariaLabel: 'Changes' }, changes.map((change) => h('li', { className: change.kind },
      h('b', {}, `${change.kind} ${change.what}${change.name && ` ${change.name}`}`), ' ', values(change)))),
    facts.length > 0 && h('dl', {}, facts.map(([key, value]) => h('div', {}, h('dt', {}, key), h('dd', {}, value.includes('\n') ? pre(value, key) : value))))));
  details.addEventListener('toggle', () => (details.open ? opened.add(name) : ended || opened.delete(name)));
  return details;
}
