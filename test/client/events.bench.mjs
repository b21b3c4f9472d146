// Times events() of client/cloudfurl.mjs against eventsource-parser, in turns, and prints lines that benchstat reads.
// Run: node test/client/events.bench.mjs [rounds], 20 by default, after npm ci in test/client. The ratios come on stderr.
// Budget: at most the time of eventsource-parser, read in the same way.
import { availableParallelism, cpus } from 'node:os';
import { createParser } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';

import { events } from '../../client/cloudfurl.mjs';

const EVENTS = 100_000;
// As events arrive one by one, and as a fast server or the network gathers them.
const CHUNKS = { '100B': 100, '16KB': 16 * 1024 };
const rounds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`error: rounds is ${process.argv[2]}\nhint: use a whole number of rounds, 1 or more`);
  process.exit(2);
}

const readers = {
  async cloudfurl(body) {
    let length = 0;
    for await (const { data } of events(body)) length += data.length;
    return length;
  },
  // As its documentation reads a response.
  async parserStream(body) {
    let length = 0;
    const stream = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of stream) length += data.length;
    return length;
  },
  // Waits for no event, which no loop over them can do.
  async parserCallback(body) {
    let length = 0;
    const parser = createParser({ onEvent: ({ data }) => void (length += data.length) });
    const decoder = new TextDecoder();
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
    return length;
  },
};

console.log(`goos: ${process.platform}\ngoarch: ${process.arch}\npkg: client (Node.js ${process.version})\ncpu: ${cpus()[0].model}`);
const text = Array.from(
  { length: EVENTS },
  (_, i) => `id: ${i}\nevent: token\ndata: {"id":${i},"type":"token","ms":31,"node":"plan","text":"long "}\n\n`,
);
const bytes = new TextEncoder().encode(text.join(''));
for (const [name, size] of Object.entries(CHUNKS)) {
  const lengths = new Set();
  const times = Object.fromEntries(Object.keys(readers).map((reader) => [reader, []]));
  // The readers take turns, so that a busy machine disturbs all alike. The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [reader, read] of Object.entries(readers)) {
      const start = process.hrtime.bigint();
      lengths.add(await read(streamOf(bytes, size)));
      const nanoseconds = Number(process.hrtime.bigint() - start) / EVENTS;
      if (round === 0) continue;
      times[reader].push(nanoseconds);
      console.log(`BenchmarkEvents/${name}/${reader}-${availableParallelism()} ${EVENTS} ${nanoseconds.toFixed(1)} ns/op`);
    }
  }
  if (lengths.size > 1) throw new Error(`the readers got different data: ${[...lengths]} characters`);
  for (const other of ['parserStream', 'parserCallback']) {
    const ratios = times.cloudfurl.map((time, round) => time / times[other][round]).sort((a, b) => a - b);
    const [median, least, most] = [ratios[rounds >> 1], ratios[0], ratios.at(-1)].map((ratio) => ratio.toFixed(2));
    console.error(`${name}: ${median} x ${other} (median of ${rounds} rounds, ${least} to ${most})`);
  }
}

function streamOf(all, size) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= all.length) return controller.close();
      controller.enqueue(all.subarray(at, at + size));
      at += size;
    },
  });
}
