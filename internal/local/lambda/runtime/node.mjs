// Plays the Node.js runtime of Lambda: fetches events from the Runtime API, runs
// the handler, answers. Limits: one event at a time; console output is left as it
// is, without Lambda's timestamp and request id; the AWS SDK is not bundled.
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const env = process.env;
const api = '/2018-06-01/runtime';
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const major = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV)?.[1]);

// These two symbols and the string are the contract of awslambda.streamifyResponse.
// See: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
const streamingSymbol = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMarkSymbol = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const preludeContentType = 'application/vnd.awslambda.http-integration-response';
const preludeDelimiter = new Uint8Array(8);

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

// One connection, one exchange at a time. It speaks HTTP itself, so that code
// which patches node:http never sees the runtime's own requests.
class Connection {
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
    const head = head_(method, target, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    this.write(body.length ? [head, body] : [head]);
    return response;
  }
}

function head_(method, target, headers) {
  const all = { Host: env.AWS_LAMBDA_RUNTIME_API, 'User-Agent': `cloudfurl-nodejs/${process.versions.node}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${api}${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

// The stream of a handler wrapped with streamifyResponse. As on AWS, a prelude
// goes out with the first write(), and end() alone sends none.
class ResponseStream extends Writable {
  #connection;
  #id;
  #contentType = 'application/octet-stream';
  #opened = false;
  #written = false;
  #failure;
  response;

  constructor(connection, id, highWaterMark) {
    super({ highWaterMark, decodeStrings: true });
    this.#connection = connection;
    this.#id = id;
    this.finished_ = new Promise((resolve) => this.once('finish', resolve));
  }

  setContentType(contentType) {
    if (this.#written) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.#contentType = contentType;
  }

  write(chunk, encoding, callback) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) chunk = JSON.stringify(chunk);
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((data) => super.write(data));
    }
    return super.write(chunk, encoding, callback);
  }

  end(...args) {
    if (this._onBeforeFirstWrite && !this.#written && !this.#failure) {
      console.warn('The response stream ended without a write(): its status and headers are not sent, here as on AWS. Write an empty string first.');
    }
    return super.end(...args);
  }

  _write(chunk, encoding, callback) {
    this.#send([chunk], chunk.length, callback);
  }

  _writev(items, callback) {
    this.#send(items.map((item) => item.chunk), items.reduce((sum, item) => sum + item.chunk.length, 0), callback);
  }

  #send(chunks, size, callback) {
    this.#open();
    if (size === 0) callback();
    else this.#connection.write([`${size.toString(16)}\r\n`, ...chunks, '\r\n'], callback);
  }

  #open() {
    if (this.#opened) return;
    this.#opened = true;
    this.response = this.#connection.response();
    this.#connection.write([head_('POST', `/invocation/${this.#id}/response`, {
      'Content-Type': this.#contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Transfer-Encoding': 'chunked',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    })]);
  }

  get opened() {
    return this.#opened;
  }

  _final(callback) {
    this.#open();
    let trailers = '';
    if (this.#failure) {
      const body = Buffer.from(JSON.stringify(this.#failure)).toString('base64');
      const type = String(this.#failure.errorType).replace(/[^\x20-\x7e]/g, '?');
      trailers = `Lambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n`;
    }
    this.#connection.write([`0\r\n${trailers}\r\n`], callback);
  }

  fail(error) {
    this.#failure = errorDocument(error);
    if (!this.writableEnded) this.end();
  }
}

globalThis.awslambda = {
  streamifyResponse(handler, options) {
    handler[streamingSymbol] = 'response';
    if (typeof options?.highWaterMark === 'number') handler[highWaterMarkSymbol] = Math.trunc(options.highWaterMark);
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType(preludeContentType);
      const metadata = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(metadata);
        write(preludeDelimiter);
      };
      return stream;
    },
  },
};

function errorDocument(error) {
  if (error instanceof Error || (error?.name && error.message && error.stack)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

// Reports whether the nearest package.json of dir, up to the task root or the
// folder of a package, says type module. What lies above the task root does not
// exist on AWS.
function isModulePackage(dir, root) {
  for (; ; dir = path.dirname(dir)) {
    if (path.basename(dir) === 'node_modules') return false;
    try {
      return JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT') return false;
    }
    if (dir === root || dir === path.dirname(dir)) return false;
  }
}

// Node.js itself looks for a package.json above the task root, too. Where one
// says type module, CommonJS files need to be told what they are.
function shieldCommonJS(root) {
  if (!isModulePackage(path.dirname(root), '/')) return;
  const original = Module._extensions['.js'];
  Module._extensions['.js'] = (module, filename) => {
    if (filename.startsWith(root + path.sep) && !isModulePackage(path.dirname(filename), root)) {
      module._compile(fs.readFileSync(filename, 'utf8'), filename);
    } else {
      original(module, filename);
    }
  };
}

async function loadModule(base, root) {
  const require = createRequire(path.join(root, 'index.js'));
  const esm = isModulePackage(path.dirname(base), root);
  const load = (file, asModule) => (asModule ? import(pathToFileURL(file)) : require(file));
  const kinds = [['', false], ['.js', esm], ['.mjs', true], ['.cjs', false]];
  if (major >= 24) kinds.push(['.ts', esm], ['.mts', true], ['.cts', false]);
  for (const [extension, asModule] of kinds) {
    if (fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile()) return load(base + extension, asModule);
  }
  throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${path.basename(base)}'`);
}

async function loadHandler() {
  const root = env.LAMBDA_TASK_ROOT;
  const name = env._HANDLER;
  const file = path.basename(name);
  const dot = file.indexOf('.');
  shieldCommonJS(root);
  let loaded;
  try {
    loaded = await loadModule(path.resolve(root, path.dirname(name), file.slice(0, dot)), root);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(new RuntimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`), { stack: error.stack });
    if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') {
      throw Object.assign(new RuntimeError('ImportModuleError', `Error: ${error.message}`), { stack: error.stack });
    }
    throw error;
  }
  const handler = file.slice(dot + 1).split('.').reduce((object, key) => object?.[key], loaded);
  if (!handler) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  if (major >= 24 && !handler[streamingSymbol] && handler.length >= 3) {
    throw new RuntimeError('CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler.');
  }
  return handler;
}

function newContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// What to do when the event loop is empty: nobody else can answer any more.
let onIdle;
process.on('beforeExit', () => {
  const idle = onIdle;
  onIdle = undefined;
  idle?.();
});

function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const finish = (settle) => (value) => {
      onIdle = undefined;
      settle(value);
    };
    const succeed = finish(resolve);
    const fail = finish(reject);
    onIdle = () => succeed(null);
    if (major >= 24) {
      Promise.resolve(handler(event, context)).then(succeed, fail);
      return;
    }
    const done = (error, result) => (error === undefined || error === null ? succeed(result) : fail(error));
    const callback = (error, result) => {
      if (context.callbackWaitsForEmptyEventLoop) onIdle = () => done(error, result);
      else done(error, result);
    };
    Object.assign(context, { succeed, fail, done });
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') returned.then(succeed, fail);
  });
}

const connection = new Connection();
let current; // { id, stream }

function logError(what, document) {
  console.error(`${what}\t${JSON.stringify({ errorType: document.errorType, errorMessage: document.errorMessage, stack: document.trace })}`);
}

async function reportError(target, document) {
  connection.ref(true);
  await connection.request('POST', target, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': String(document.errorType).replace(/[^\x20-\x7e]/g, '?'),
  }, Buffer.from(JSON.stringify(document)));
}

// An error that nobody caught ends the process, after it has been told to
// whoever waits for an answer that has not begun.
async function crash(what, error, status) {
  const document = errorDocument(error);
  logError(what, document);
  if (current && !current.answering && !current.stream?.opened) {
    current.answering = true;
    await reportError(`/invocation/${current.id}/error`, document);
  }
  process.exit(status);
}
process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
  if (reason?.stack) error.stack = reason.stack;
  crash('Unhandled Promise Rejection', error, 128);
});

async function runStreaming(handler, event, context) {
  const stream = new ResponseStream(connection, context.awsRequestId, handler[highWaterMarkSymbol]);
  current.stream = stream;
  try {
    const returned = handler(event, stream, context);
    if (typeof returned?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
  } catch (error) {
    logError('Invoke Error', errorDocument(error));
    stream.fail(error);
  }
  await stream.finished_;
  await stream.response;
}

async function runBuffered(handler, event, context) {
  connection.ref(false);
  let target = `/invocation/${context.awsRequestId}/response`;
  let body;
  try {
    const result = await call(handler, event, context);
    body = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    const document = errorDocument(error);
    logError('Invoke Error', document);
    if (current.answering) return;
    current.answering = true;
    await reportError(`/invocation/${context.awsRequestId}/error`, document);
    return;
  }
  if (current.answering) return;
  current.answering = true;
  connection.ref(true);
  await connection.request('POST', target, { 'Content-Type': 'application/json' }, Buffer.from(body));
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  const document = errorDocument(error);
  logError('Uncaught Exception', document);
  await reportError('/init/error', document);
  process.exit(1);
}

for (;;) {
  connection.ref(true);
  const { status, headers, body } = await connection.request('GET', '/invocation/next', {}, '');
  if (status !== 200) process.exit(1);
  const context = newContext(headers);
  current = { id: context.awsRequestId };
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const event = JSON.parse(body);
  if (handler[streamingSymbol]) await runStreaming(handler, event, context);
  else await runBuffered(handler, event, context);
  current = undefined;
}
