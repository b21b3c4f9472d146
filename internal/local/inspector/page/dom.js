// What all parts of the page are made with. Text reaches the page as text nodes only,
// because handlers and viewers choose it.

const maxText = 1000; // characters of a value
const maxBlock = 20_000; // characters of a text that scrolls

/** Returns an element with properties, and children that are elements or texts. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false && child !== '').map((child) => (child instanceof Node ? child : visible(String(child), maxText))));
  return element;
}

/** Returns a mark on a time line: the properties, such as at, are parts of the whole. */
export function bar(className, properties) {
  const element = h('i', { className });
  for (const [name, part] of Object.entries(properties)) element.style.setProperty(`--${name}`, part);
  return element;
}

/** Returns a text without what would hide or reorder it, and not longer than the page can take. */
function visible(text, limit) {
  const shown = text.slice(0, limit).replace(/[^\P{C}\n\t]/gu, '·');
  return text.length > limit ? `${shown}… and ${text.length - limit} more characters` : shown;
}

export function ms(value) {
  if (!value) return value === 0 ? '0' : '';
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function bytes(value = 0) {
  if (value < 1000) return `${value} B`;
  return value < 1e6 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Returns the class and the text of a request's status: one that hasn't begun has none. */
export function status({ status, done, failed, end }) {
  const bad = status >= 400 || (done && (failed || end));
  return [bad ? 'bad' : done ? 'good' : 'running', status ? String(status) : done ? 'cut' : '···'];
}

/** Returns a text that can be scrolled by keyboard. */
export function pre(text, label) {
  return h('pre', { tabIndex: 0, role: 'region', ariaLabel: label }, document.createTextNode(visible(text, maxBlock)));
}

/** Returns what shows a change from a value to another. */
export function values({ kind, before, after, meaning }) {
  if (kind === 'same') return [after];
  return [before && h('del', {}, before), ' ', after && h('ins', {}, after), meaning && h('small', {}, ` ${meaning}`)];
}

/** Returns the labels of a time line. */
export function axis(total = 0) {
  return h('div', { className: 'axis', ariaHidden: 'true' }, [0, total / 2, total].map((at) => h('span', {}, ms(at))));
}

/** Returns the way back to the list, which phones need. */
export const back = () => h('a', { href: '#', className: 'back' }, '← Requests');
