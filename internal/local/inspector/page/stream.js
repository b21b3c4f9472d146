import { axis, bar, bytes, h, ms, plural } from './dom.js';

/** Returns the chunks of a response on the time line of its stages: the larger, the higher. */
export function stream({ chunks, chunksDropped, totalMs }) {
  if (chunks.length < 2) return undefined;
  const total = Math.max(totalMs, chunks.at(-1).ms);
  const largest = Math.max(...chunks.map((chunk) => chunk.bytes));
  const gaps = chunks.slice(1).map((chunk, i) => chunk.ms - chunks[i].ms).sort((a, b) => a - b);
  const text = `${plural(chunks.length + chunksDropped, 'chunk')} of up to ${bytes(largest)}; median gap ${ms(gaps[gaps.length >> 1])}, longest ${ms(gaps.at(-1))}`;
  return h('section', { className: 'live' }, h('h3', {}, 'Stream ', h('span', { className: 'quiet' }, text + (chunksDropped ? `; the first ${chunks.length} are shown` : ''))),
    h('div', { className: 'chunks', role: 'img', ariaLabel: text }, chunks.map((chunk) => bar('', { at: chunk.ms / total, size: Math.sqrt(chunk.bytes / largest) }))),
    axis(total));
}
