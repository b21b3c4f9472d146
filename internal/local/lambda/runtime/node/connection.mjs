// The connection to the Runtime API, with one exchange at a time. It speaks HTTP itself,
// so that code which patches node:http never sees the runtime's own requests, and because
// node:http takes twice as long. It keeps the event loop alive during an exchange only, so
// that beforeExit tells when a handler has left nothing to wait for.
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import net from 'node:net';

const address = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = address.split(':');
const socket = net.connect({ host, port: Number(port), noDelay: true });

// Without its Runtime API an environment is over.
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(1));

let head = Buffer.alloc(0);
let received; // the response whose head is complete
let size; // how much of its body has arrived
let resolveResponse;

socket.on('data', (chunk) => {
  if (!received) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    received = parseHead(head.toString('latin1', 0, end));
    chunk = head.subarray(end + 4);
    head = Buffer.alloc(0);
    size = 0;
  }
  size += chunk.copy(received.body, size);
  if (size < received.body.length) return;
  const response = received;
  received = undefined;
  socket.unref();
  resolveResponse(response);
});

function parseHead(text) {
  const [status, ...lines] = text.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { status: Number(status.split(' ')[1]), headers, body: Buffer.allocUnsafe(Number(headers['content-length'] ?? 0)) };
}

// Begins an exchange, whose body the caller may write. The response is a promise.
export function begin(method, target, headers, body = '') {
  hold();
  const all = { Host: address, 'User-Agent': `cloudfurl-nodejs/${process.versions.node}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const response = new Promise((resolve) => {
    resolveResponse = resolve;
  });
  write([`${method} /2018-06-01/runtime${target} HTTP/1.1\r\n${lines.join('')}\r\n`, body]);
  return response;
}

// Keeps the event loop alive until the end of the next exchange.
export function hold() {
  socket.ref();
}

export function write(parts, callback) {
  socket.cork();
  parts.forEach((part, i) => socket.write(part, i === parts.length - 1 ? callback : undefined));
  socket.uncork();
}

export function send(method, target, headers = {}, body = '') {
  return begin(method, target, { ...headers, 'Content-Length': Buffer.byteLength(body) }, body);
}
