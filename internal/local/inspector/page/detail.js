import { back, bytes, h, ms, plural, pre, status, values } from './dom.js';
import { journey } from './headers.js';
import { stream } from './stream.js';
import { waterfall } from './waterfall.js';

/** Returns the parts that show a request. */
export function detail(trace, actions) {
  return [
    head(trace, actions), failure(trace), figures(trace), waterfall(trace), stream(trace),
    messages('Request', trace, 'in', trace.request), messages('Response', trace, 'out', trace.response), log(trace),
  ].filter(Boolean);
}

function head(trace, actions) {
  const [kind, text] = status(trace);
  return h('header', {},
    back(),
    h('h2', { tabIndex: -1 }, h('b', { className: kind }, text), ` ${trace.method} `, h('span', {}, trace.target.slice(0, 2000))),
    h('p', { className: 'quiet' }, [trace.part, trace.host, new Date(trace.begin).toLocaleTimeString('en-GB', clock), `#${trace.id}`].filter(Boolean).join(' · ')),
    h('p', { className: 'actions' }, actions));
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 };
const verbs = { refused: 'Refused by', failed: 'Failed in', cut: 'Cut off in', answered: 'Answered by' };

function failure({ failure, failed, stages, end }) {
  if (!failure && !end) return undefined;
  const stage = stages[failure?.stage] ?? stages.find(({ name }) => name === failed);
  const title = stage ? `${verbs[stage.outcome] ?? 'Ended by'} ${stage.name}` : `The response ended early${end && `: ${end}`}`;
  return h('section', { className: 'failure', ariaLabel: 'Why it ended' },
    h('h3', {}, title),
    stage?.part && h('p', { className: 'quiet' }, [stage.part, stage.property].filter(Boolean).join(' · ')),
    failure && h('p', {}, failure.cause),
    failure?.hint && h('p', { className: 'hint' }, h('b', {}, 'Hint '), failure.hint),
    failure?.statement && h('h4', {}, 'The statement that is missing'),
    failure?.statement && pre(JSON.stringify(failure.statement, null, 2).replace(/\{\s+("[^"]*": "[^"]*")\s+\}/g, '{ $1 }'), 'The statement that is missing'));
}

function figures(trace) {
  const figure = (name, value) => value && h('div', { className: name === 'First byte' ? 'first' : '' }, h('dt', {}, name), h('dd', {}, value));
  return h('dl', { className: 'figures live' }, [
    figure('First byte', ms(trace.firstByteMs || undefined)), figure('Total', trace.done ? ms(trace.totalMs) : 'in progress'),
    figure('Received', bytes(trace.bytes)), figure('Environment', trace.environment), figure('Start', trace.start),
  ]);
}

const signs = { added: '+', removed: '−', replaced: '~', same: '' };

function messages(title, { stages }, way, message) {
  const rows = journey(message.headers, stages, way);
  if (rows.length === 0 && !message.bodyBytes) return undefined;
  const changed = rows.filter(({ kind }) => kind !== 'same').length;
  return h('section', {}, h('h3', {}, `${title} `, h('span', { className: 'quiet' }, `${plural(rows.length, 'header')}, ${changed} changed on the way ${way}`)),
    h('table', { className: 'headers', ariaLabel: `${title} headers` },
      h('tbody', {}, rows.map((row) => h('tr', { className: row.kind },
        h('td', { title: row.kind }, signs[row.kind], row.kind !== 'same' && h('span', { className: 'hidden' }, row.kind)), h('th', { scope: 'row' }, row.name), h('td', {}, values(row)), h('td', {}, row.by))))),
    body(title, message));
}

function body(title, { body, bodyBase64, bodyBytes }) {
  if (!bodyBytes) return undefined;
  const size = bodyBase64 ? `${bytes(bodyBytes)}, binary: the beginning in base64` : `${bytes(bodyBytes)}${body.length < bodyBytes ? `, the first ${plural(body.length, 'character')}` : ''}`;
  return [h('h4', {}, 'Body ', h('span', { className: 'quiet' }, size)), body && pre(body, `${title} body`)];
}

function log({ logs }) {
  if (logs.length === 0) return undefined;
  return h('section', {}, h('h3', {}, 'Log ', h('span', { className: 'quiet' }, `${plural(logs.length, 'line')} of the handler`)),
    h('table', { className: 'log', ariaLabel: 'Log lines of the handler' }, h('tbody', {}, logs.map(({ ms: at, level, text }) => h('tr', { className: level },
      h('td', {}, ms(at)), h('td', {}, level), h('td', {}, text.replace(/\x1b\[[\d;]*m/g, '')))))));
}
