import { cookies } from 'next/headers';

// The host of request.url is that of the server.
export async function GET({ headers }) {
  const host = headers.get('x-forwarded-host');
  const scheme = headers.get('x-forwarded-proto');
  return Response.json({
    host,
    scheme,
    address: headers.get('x-forwarded-for').split(',').at(-1).trim(),
    authorization: headers.get('authorization'),
    url: `${scheme}://${host}/me`,
    name: (await cookies()).get('name')?.value,
  });
}
