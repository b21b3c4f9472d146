import { createHash } from 'node:crypto';

export async function POST(request) {
  const file = (await request.formData()).get('file');
  return new Response(createHash('sha256').update(Buffer.from(await file.arrayBuffer())).digest('hex'));
}
