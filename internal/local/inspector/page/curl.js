const perHop = /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive)$/i;

/** Returns the command that sends a request again, and a sentence on what it lacks. */
export function curl({ method, host, target, request }, scheme) {
  const parts = [scheme === 'https:' ? 'curl -N -k' : 'curl -N'];
  if (method === 'HEAD') parts.push('-I');
  else if (method !== (request.bodyBytes ? 'POST' : 'GET')) parts.push(`-X ${quote(method)}`);
  const headers = request.headers.filter(([name]) => !perHop.test(name));
  for (const [name, value] of headers) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  const whole = !request.bodyBase64 && new TextEncoder().encode(request.body).length === request.bodyBytes;
  if (request.bodyBytes) parts.push(whole ? `--data-raw ${quote(request.body)}` : '--data-binary @body');
  parts.push(quote(`${scheme}//${host}${target}`));
  const missing = [...headers, ['the query', target]].filter(([, value]) => value.includes('…')).map(([name]) => name);
  return [parts.join(' \\\n  '), [
    missing.length > 0 && `Put in what is redacted: ${missing.join(', ')}.`,
    request.bodyBytes > 0 && !whole && 'Save the body as the file body: it isn’t kept whole, or is binary.',
  ].filter(Boolean).join(' ')];
}

// Quotes for a POSIX shell; control characters as bash and zsh have them, so that a terminal never gets any.
function quote(text) {
  if (!/[^\P{Cc}\n]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}
