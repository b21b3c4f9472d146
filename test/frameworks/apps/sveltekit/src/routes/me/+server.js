import { json } from '@sveltejs/kit';

export function GET({ cookies, getClientAddress, request, url }) {
  return json({
    host: url.host,
    scheme: url.protocol.slice(0, -1),
    address: getClientAddress(),
    authorization: request.headers.get('authorization'),
    url: new URL('/me', url),
    name: cookies.get('name'),
  });
}
