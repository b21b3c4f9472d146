// The inspector's page: which requests it knows, which of them it shows by its address (#17, or #17..18 for two), and what keys do.
import { compare } from './compare.js';
import { curl } from './curl.js';
import { detail } from './detail.js';
import { back, h } from './dom.js';
import { List } from './list.js';

const by = (id) => document.getElementById(id);
const replays = new Map(); // the request that was replayed, by the id of its replay
let base; // the request that the next one chosen is compared with
let shows = ''; // the address that is shown
let turns = 0; // how often something else was asked for
let scheme; // of the edge, with its colon
let complete = false; // what is shown doesn't change anymore

const list = new List(by('list'), count);

function count() {
  const [shown, all, idle] = [list.visible.length, list.requests.size, ids().length === 0];
  by('count').textContent = shown === all ? all || '' : `${shown} of ${all}`;
  by('nothing').hidden = shown > 0 || all === 0;
  by('empty').hidden = !idle || all > 0;
  by('welcome').hidden = !idle || all === 0;
}

let saying;
function say(text) {
  by('said').textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => (by('said').textContent = ''), 8000);
}

async function call(path, options) {
  const response = await fetch(`/api/requests${path}`, options);
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

const events = new EventSource('/api/events');
events.addEventListener('open', async () => {
  by('connection').textContent = '';
  const { requests, edge } = await call('');
  scheme = edge.split('/')[0];
  by('try').textContent = `curl -N ${edge}`;
  list.replace(requests);
  show();
});
events.addEventListener('error', () => (by('connection').textContent = 'Disconnected. Is cloudfurl still running?'));
events.addEventListener('request', ({ data }) => {
  const request = JSON.parse(data);
  list.put(request);
  if (!list.paused) list.render();
  if (list.selected.includes(request.id) && !complete) show();
});

const ids = () => location.hash.slice(1).split('..').map(Number).filter((id) => Number.isInteger(id) && id > 0);
const key = (element) => element.tagName + (element.querySelector('b') ?? element).textContent; // the same when it is shown again
const enter = () => (by('shown').querySelector('h2') ?? by('detail')).focus();

async function show() {
  const [turn, address, some] = [++turns, location.hash, ids().length > 0];
  list.select(ids());
  document.body.className = some ? 'one' : '';
  by('shown').hidden = !some;
  count();
  const [title, parts] = await load(ids()).catch((error) => [address, [h('header', {}, back(), h('h2', { tabIndex: -1 }, `Request ${address}`)), h('p', {}, error.message)]]);
  if (turn !== turns) return;
  const [old, fresh] = [by('shown').querySelectorAll(':scope > .live'), parts.filter((part) => part.classList.contains('live'))];
  if (!complete && shows === address && old.length === fresh.length) return fresh.forEach((part, i) => old[i].replaceWith(part));
  const focused = by('shown').contains(document.activeElement) && key(document.activeElement);
  by('shown').replaceChildren(...parts);
  document.title = [title, 'cloudfurl inspector'].filter(Boolean).join(' · ');
  const again = shows === address && [...by('shown').querySelectorAll('a, button, input, summary, pre')].find((one) => key(one) === focused);
  if (again) again.focus();
  else if (some && (focused || (shows !== address && !by('list').offsetParent))) enter();
  shows = address;
}

async function load(ids) {
  complete = false;
  if (ids.length === 0) return ['', []];
  const [first, second] = await Promise.all(ids.map((id) => call(`/${id}`)));
  complete = first.done && second?.done !== false;
  if (second) return [`#${first.id} and #${second.id}`, compare(first, second)];
  return [`${first.status || ''} ${first.method} ${first.target.slice(0, 100)}`, detail(first, actions(first))];
}

function actions(trace) {
  const button = (text, act) => h('button', { type: 'button', onclick: () => act().catch((error) => say(error.message)) }, text);
  const origin = replays.get(trace.id);
  return [
    button('Replay', async () => {
      const { id } = await call(`/${trace.id}/replay`, { method: 'POST' });
      replays.set(id, trace.id);
      location.hash = id;
      say(`Sent again as #${id}.`);
    }),
    button('Copy as curl', async () => {
      const [command, lacks] = curl(trace, scheme);
      await navigator.clipboard.writeText(command);
      say(`Copied. ${lacks}`);
    }),
    origin ? h('a', { className: 'button', href: `#${origin}..${trace.id}` }, `Compare with #${origin}`) : button('Compare', async () => choose(trace.id)),
  ];
}

/** Compares a request with the one that is chosen next; without an id, ends that. */
function choose(id) {
  base = id;
  by('choosing').hidden = !id;
  by('choosing').textContent = `Choose the request to compare with #${id}. Esc: don’t.`;
  document.body.classList.toggle('one', !id); // a phone shows the list meanwhile
  if (id) list.focus(id);
}

function go(id) {
  if (id) location.hash = id;
  if (id) list.select([id]); // now: the next key may come before the address has changed
  list.focus(id);
}

by('list').addEventListener('click', (event) => {
  const id = event.target.closest('li')?.value;
  if (id && !base && !event.detail) setTimeout(() => show().then(enter)); // by keyboard, once the address has changed
  if (!base || !id || id === base) return;
  event.preventDefault();
  location.hash = `${base}..${id}`;
  choose();
});
by('filter').addEventListener('input', ({ target }) => list.filter(target.value));
by('clear').addEventListener('click', async () => {
  await call('', { method: 'DELETE' });
  list.replace([]);
  location.hash = '';
});
by('pause').addEventListener('click', ({ target }) => {
  list.paused = !list.paused;
  target.setAttribute('aria-pressed', list.paused);
  if (!list.paused) list.render();
});
by('skip').addEventListener('click', (event) => {
  event.preventDefault();
  enter();
});
addEventListener('hashchange', show);

const [next, previous] = [() => go(list.beside(1)), () => go(list.beside(-1))];
const keys = {
  j: next, ArrowDown: next, k: previous, ArrowUp: previous, '/': () => by('filter').focus(),
  Escape: () => (base ? choose() : (location.hash = '', list.focus(list.selected.at(-1)))),
};
addEventListener('keydown', (event) => {
  const { key, target } = event;
  const typing = target === by('filter') && key !== 'ArrowDown';
  const reading = key.startsWith('Arrow') && by('detail').contains(target);
  if (!keys[key] || typing || reading || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[key]();
});
