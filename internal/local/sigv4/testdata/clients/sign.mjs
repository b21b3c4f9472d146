// Prints requests signed by the SDK for JavaScript, for ../clients.json.
// Run: npm install @smithy/signature-v4@5.7.5 @smithy/protocol-http @aws-crypto/sha256-js && node sign.mjs
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpRequest } from '@smithy/protocol-http';
import sha256 from '@aws-crypto/sha256-js';

const signingDate = new Date('2026-11-21T10:00:00Z');
const hostname = 'id.lambda-url.eu-west-1.on.aws';
const key = { accessKeyId: 'AKIALOCALEXAMPLE', secretAccessKey: 'secret/+key' };
const role = { accessKeyId: 'ASIALOCALEXAMPLE', secretAccessKey: 'other', sessionToken: 'token==' };
const encode = (query) => Object.entries(query).flatMap(([name, values]) =>
  [].concat(values).map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)).join('&');
const signed = [];
for (const [credentials, body, path, query] of [
  [key, '', '/a%20b/c', { 'filter[a]': '1', filterB: '2', a: ['2', '10'], 'a-b': '1', 'a.b': '2', aB: '3', ä: '1', z: '' }],
  [role, 'body', '/', { filterB: '2', 'filter[a]': '1', q: ['a b', '+'] }],
]) {
  const signer = new SignatureV4({ credentials, region: 'eu-west-1', service: 'lambda', sha256: sha256.Sha256 });
  const request = new HttpRequest({ method: body ? 'POST' : 'GET', hostname, path, query, headers: { host: hostname }, body: body || undefined });
  const r = await signer.sign(request, { signingDate });
  signed.push({ client: '@smithy/signature-v4', method: r.method, url: `https://${hostname}${r.path}?${encode(r.query)}`, body, header: r.headers });
}
console.log(JSON.stringify(signed, null, 1));
