// Emulates the Node.js runtime of Lambda: fetches events from the Runtime API, runs
// the handler, responds. Limits: one event at a time; console output is left as it
// is, without Lambda's timestamp and request id; the AWS SDK isn't bundled.
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
import { once } from 'node:events';
import { send } from './connection.mjs';
import { RuntimeError, errorDocument, headerValue } from './errors.mjs';
import { loadHandler } from './loader.mjs';
import { ResponseStream, streamingSymbol } from './response_stream.mjs';

const env = process.env;
const major = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV)?.[1]);

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

// Called when the event loop is empty, because nothing else can respond then.
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

let current; // { id, stream, responding }
let initializing = true;

function logError(what, document) {
  console.error(`${what}\t${JSON.stringify({ errorType: document.errorType, errorMessage: document.errorMessage, stack: document.trace })}`);
}

async function reportError(target, document) {
  await send('POST', target, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': headerValue(document.errorType),
  }, Buffer.from(JSON.stringify(document)));
}

// An uncaught error ends the process, after it has been reported for an
// invocation whose response hasn't begun.
async function crash(what, error, status) {
  const document = errorDocument(error);
  logError(what, document);
  if (initializing) {
    await reportError('/init/error', document);
  } else if (current && !current.responding && !current.stream?.response) {
    current.responding = true;
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
  const stream = new ResponseStream(context.awsRequestId);
  current.stream = stream;
  try {
    const returned = handler(event, stream, context);
    if (typeof returned?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
  } catch (error) {
    logError('Invoke Error', errorDocument(error));
    stream.fail(error);
  }
  if (!stream.writableFinished) await once(stream, 'finish');
  await stream.response;
}

async function runBuffered(handler, event, context) {
  let body;
  try {
    const result = await call(handler, event, context);
    body = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    const document = errorDocument(error);
    logError('Invoke Error', document);
    if (current.responding) return;
    current.responding = true;
    await reportError(`/invocation/${context.awsRequestId}/error`, document);
    return;
  }
  if (current.responding) return;
  current.responding = true;
  await send('POST', `/invocation/${context.awsRequestId}/response`, { 'Content-Type': 'application/json' }, Buffer.from(body));
}

let handler;
try {
  handler = await loadHandler(major);
} catch (error) {
  const document = errorDocument(error);
  logError('Uncaught Exception', document);
  await reportError('/init/error', document);
  process.exit(1);
}
initializing = false;

for (;;) {
  const { status, headers, body } = await send('GET', '/invocation/next');
  if (status !== 200) process.exit(1);
  const context = newContext(headers);
  current = { id: context.awsRequestId };
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const event = JSON.parse(body);
  if (handler[streamingSymbol]) await runStreaming(handler, event, context);
  else await runBuffered(handler, event, context);
  current = undefined;
}
