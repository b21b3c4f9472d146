// Follows an authorization URL as a browser would, and returns the URL of the client that it ends at.
export async function login(url, redirectUrl) {
  const cookies = new Map();
  for (let next = String(url), i = 0; i < 20; i++) {
    if (next.startsWith(redirectUrl)) return new URL(next);
    const response = await fetch(next, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${next}: ${response.status} ${await response.text()}`);
    next = new URL(location, next).href;
  }
  throw new Error('too many redirects');
}
