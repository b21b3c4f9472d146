// The inspector's page: which requests it knows, which of them it shows by its address (#17, or #17..18 for two), and what keys do.
import { compare } from './compare.js';
import { curl } from './curl.js';
import { detail } from './detail.js';
import { h, plural } from './dom.js';
import { List } from './list.js';

const by = (id) => document.getElementById(id);
const say = (text) => (by('said').textContent = text);
const replays = new Map(); // the request that was replayed, by the id of its replay
let base; // the request that the next one chosen is compared with
let shows = ''; // the address that is shown
let scheme; // of the edge, with its colon
let complete = false; // what is shown doesn't change anymore

const list = new List(by('list'), () => {
  by('count').textContent = list.shown === list.requests.size ? list.requests.size || '' : `${list.shown} of ${list.requests.size}`;
  by('nothing').hidden = list.shown > 0 || list.requests.size === 0;
  const idle = location.hash.length < 2;
  by('empty').hidden = !idle || list.requests.size > 0;
  by('welcome').hidden = !idle || list.requests.size === 0;
});

async function call(path, options) {
  const response = await fetch(`/api/requests${path}`, options);
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

// A trace lacks the lists that have nothing.
async function trace(id) {
  const one = await call(`/${id}`);
  const stages = (one.stages ?? []).map((stage) => ({ ...stage, facts: stage.facts ?? [], changes: stage.changes ?? [] }));
  return { ...one, stages, chunks: one.chunks ?? [], logs: one.logs ?? [] };
}

const events = new EventSource('/api/events');
events.addEventListener('open', async () => {
  by('connection').textContent = '';
  const { requests, edge } = await call('');
  ({ protocol: scheme } = new URL(edge));
  by('try').textContent = `curl -N ${edge}`;
  list.replace(requests);
  show();
});
events.addEventListener('error', () => (by('connection').textContent = 'Disconnected. Is cloudfurl still running?'));
events.addEventListener('request', ({ data }) => {
  const request = JSON.parse(data);
  list.put(request);
  if (list.selected.includes(request.id) && !complete) show();
});

const ids = () => location.hash.slice(1).split('..').map(Number).filter(Number.isInteger).filter((id) => id > 0);

async function show() {
  const [first, second] = ids();
  const address = location.hash;
  list.select(ids());
  document.body.className = first ? 'one' : '';
  by('shown').hidden = !first;
  list.render();
  if (!first) return (shows = '', by('shown').replaceChildren());
  let parts;
  try {
    const traces = await Promise.all(ids().map(trace));
    if (location.hash !== address) return;
    complete = traces.every(({ done }) => done);
    parts = second ? compare(...traces) : detail(traces[0], actions(traces[0]));
    document.title = `${second ? `#${first} and #${second}` : `${traces[0].status ?? ''} ${traces[0].method} ${traces[0].target.slice(0, 100)}`} · cloudfurl inspector`;
  } catch (error) {
    parts = [h('header', {}, h('a', { href: '#', className: 'back' }, '← Requests'), h('h2', { tabIndex: -1 }, `Request ${address}`)), h('p', {}, error.message)];
  }
  const focused = by('shown').contains(document.activeElement);
  by('shown').replaceChildren(...parts);
  if (shows === address && !focused) return;
  shows = address;
  if (focused || !by('list').offsetParent) by('shown').querySelector('h2').focus();
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

/** Lets the next request that is chosen be compared with one, or no more if there is none. */
function choose(id) {
  base = id;
  by('choosing').hidden = !id;
  by('choosing').textContent = id ? `Choose the request to compare with #${id}. Esc: don’t.` : '';
  document.body.className = id ? '' : document.body.className;
  if (id) list.focus(id);
}

function go(id) {
  if (id) location.hash = id;
  list.focus(id);
}

by('list').addEventListener('click', (event) => {
  const id = event.target.closest('li')?.value;
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
addEventListener('hashchange', show);

const keys = {
  j: () => go(list.beside(1)), k: () => go(list.beside(-1)), '/': () => by('filter').focus(),
  Escape: () => (base ? choose() : (location.hash = '', list.focus(list.selected.at(-1)))),
};
keys.ArrowDown = keys.j;
keys.ArrowUp = keys.k;
addEventListener('keydown', (event) => {
  const { key, target } = event;
  const typing = target === by('filter') && key !== 'Escape' && key !== 'ArrowDown';
  const reading = key.startsWith('Arrow') && by('detail').contains(target);
  if (!keys[key] || typing || reading || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[key]();
});
