// Times body_hasher against the bare SHA-256 of the decoded bytes, in pairs, and prints lines that benchstat reads.
// Run: node test/edge/body_hasher.bench.mjs [rounds], 20 by default. The ratios come on stderr.
// Budget: at most 1.15 times at 100 KB and 1 MB.
import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';

import { originRequest } from './events.mjs';

const { handler } = createRequire(import.meta.url)('../../edge/body_hasher.js');

const SIZES = { '10KB': 10 * 1024, '100KB': 100 * 1024, '1MB': 1024 * 1024 };
const BYTES_A_ROUND = 32 * 1024 * 1024;
const rounds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`error: rounds is ${process.argv[2]}\nhint: use a whole number of rounds, 1 or more`);
  process.exit(2);
}

console.log(`goos: ${process.platform}\ngoarch: ${process.arch}\npkg: edge (Node.js ${process.version})\ncpu: ${cpus()[0].model}`);
for (const [name, size] of Object.entries(SIZES)) {
  const body = randomBytes(size);
  const event = JSON.parse(JSON.stringify(originRequest({ body })));
  const { request } = event.Records[0].cf;
  const hasher = async () => {
    delete request.headers['x-amz-content-sha256'];
    await handler(event);
  };
  const bare = async () => void createHash('sha256').update(body).digest('hex');

  await hasher();
  if (request.headers['x-amz-content-sha256'][0].value !== createHash('sha256').update(body).digest('hex')) {
    throw new Error(`body_hasher returned a wrong hash for ${name}`);
  }
  // The two take turns, round by round, so that a busy machine disturbs both alike.
  const calls = Math.ceil(BYTES_A_ROUND / size);
  const ratios = [];
  await time(hasher, calls);
  await time(bare, calls);
  for (let round = 0; round < rounds; round++) {
    const ours = await time(hasher, calls);
    const theirs = await time(bare, calls);
    report(`BenchmarkBodyHasher/${name}`, calls, ours, size);
    report(`BenchmarkSHA256/${name}`, calls, theirs, size);
    ratios.push(ours / theirs);
  }
  ratios.sort((a, b) => a - b);
  const [median, least, most] = [ratios[ratios.length >> 1], ratios[0], ratios.at(-1)].map((ratio) => ratio.toFixed(3));
  console.error(`${name}: ${median} x the bare SHA-256 (median of ${rounds} rounds, ${least} to ${most})`);
}

/** Returns the nanoseconds that one call takes. */
async function time(run, calls) {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) await run();
  return Number(process.hrtime.bigint() - start) / calls;
}

function report(name, calls, nanoseconds, size) {
  console.log(`${name}-${availableParallelism()} ${calls} ${nanoseconds.toFixed(0)} ns/op ${((size / nanoseconds) * 1000).toFixed(2)} MB/s`);
}
