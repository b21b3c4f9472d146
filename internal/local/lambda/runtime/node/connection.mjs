// The connection to the Runtime API.
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import net from 'node:net';

const address = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = address.split(':');

// One connection, one exchange at a time. It speaks HTTP itself, so that code
// which patches node:http never sees the runtime's own requests.
export class Connection {
  #socket = net.connect({ host, port: Number(port), noDelay: true });
  #chunks = [];
  #size = 0;
  #response;
  #waiting;

  constructor() {
    this.#socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      this.#parse();
    });
    // Without its Runtime API an environment is over.
    this.#socket.on('error', () => process.exit(1));
    this.#socket.on('close', () => process.exit(1));
  }

  #take() {
    const data = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#size);
    return data;
  }

  #parse() {
    if (!this.#response) {
      const data = this.#take();
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#chunks = [data];
        return;
      }
      const [status, ...lines] = data.toString('latin1', 0, end).split('\r\n');
      const headers = {};
      for (const line of lines) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
      }
      this.#response = { status: Number(status.split(' ')[1]), headers, length: Number(headers['content-length'] ?? 0) };
      const rest = data.subarray(end + 4);
      this.#chunks = [rest];
      this.#size = rest.length;
    }
    if (this.#size < this.#response.length) return;
    const data = this.#take();
    const response = this.#response;
    response.body = data.subarray(0, response.length);
    const rest = data.subarray(response.length);
    this.#chunks = rest.length ? [rest] : [];
    this.#size = rest.length;
    this.#response = undefined;
    this.#waiting?.(response);
  }

  // An idle connection does not keep the event loop alive, so that beforeExit
  // tells when a handler has left nothing to wait for.
  ref(needed) {
    if (needed) this.#socket.ref();
    else this.#socket.unref();
  }

  response() {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  write(parts, callback) {
    this.#socket.cork();
    const last = parts.length - 1;
    parts.forEach((part, i) => this.#socket.write(part, i === last ? callback : undefined));
    this.#socket.uncork();
  }

  async request(method, target, headers, body) {
    const response = this.response();
    const start = head(method, target, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    this.write(body.length ? [start, body] : [start]);
    return response;
  }
}

export function head(method, target, headers) {
  const all = { Host: address, 'User-Agent': `cloudfurl-nodejs/${process.versions.node}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} /2018-06-01/runtime${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
