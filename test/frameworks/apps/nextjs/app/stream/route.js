import { setTimeout } from 'node:timers/promises';

export const dynamic = 'force-dynamic';

export function GET() {
  async function* lines() {
    for (let i = 0; i < 5; i += 1) {
      yield new TextEncoder().encode(`${i}\n`);
      await setTimeout(100);
    }
  }
  return new Response(ReadableStream.from(lines()));
}
