// Emulates the Node.js runtime of Lambda: fetches events from the Runtime API, runs
// the handler, responds. Limits: one event at a time; console output is left as it
// is, without Lambda's timestamp and request id; the AWS SDK isn't bundled.
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
// Seen: aws-lambda-ric 3.3.0 and 4.0.2. Inferred: the first is AWS's client up to
// nodejs22.x, the second that of later runtimes. The declared runtime counts, whatever
// Node.js runs it.
import { once } from 'node:events';
import { callWithCallback, waitUntilIdle } from './callback.mjs';
import { send } from './connection.mjs';
import { RuntimeError, errorDocument, headerValue } from './errors.mjs';
import { loadHandler } from './loader.mjs';
import { ResponseStream, streamingSymbol } from './response_stream.mjs';

const env = process.env;
const hasCallbacks = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV)?.[1]) < 24;

function newContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    ...(hasCallbacks ? { callbackWaitsForEmptyEventLoop: true } : { xRayTraceId: headers['lambda-runtime-trace-id'] }),
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

let owed = '/init'; // what an error can be reported for; undefined when it has a response
let stream; // of the invocation, if its handler streams

function logError(what, document) {
  console.error(`${what}\t${JSON.stringify({ errorType: document.errorType, errorMessage: document.errorMessage, stack: document.trace })}`);
}

async function report(what, error) {
  const document = errorDocument(error);
  logError(what, document);
  if (!owed || stream?.response) return;
  const target = owed;
  owed = undefined;
  await send('POST', `${target}/error`, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': headerValue(document.errorType),
  }, Buffer.from(JSON.stringify(document)));
}

async function crash(what, error, status) {
  await report(what, error);
  process.exit(status);
}

// Later clients leave it to Node.js, which exits with status 1.
if (hasCallbacks) {
  process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason) => {
    const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
    if (reason?.stack) error.stack = reason.stack;
    crash('Unhandled Promise Rejection', error, 128);
  });
}

async function runStreaming(handler, event, context) {
  stream = new ResponseStream(context.awsRequestId);
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

function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch ({ stack }) {
    const message = 'Unable to stringify response body';
    throw Object.assign(hasCallbacks ? new Error(message) : new RuntimeError('JSONStringifyError', message), { stack });
  }
}

async function runBuffered(handler, event, context) {
  try {
    const { result } = hasCallbacks ? await callWithCallback(handler, event, context) : { result: await handler(event, context) };
    const body = serialize(result);
    if (!owed) return;
    owed = undefined;
    await send('POST', `/invocation/${context.awsRequestId}/response`, { 'Content-Type': 'application/json' }, Buffer.from(body));
  } catch (error) {
    await report('Invoke Error', error);
  }
}

async function run() {
  let handler;
  try {
    handler = await loadHandler(hasCallbacks);
  } catch (error) {
    return crash(hasCallbacks ? 'Uncaught Exception' : 'Init Error', error, hasCallbacks ? 129 : 1);
  }
  for (;;) {
    const { status, headers, body } = await send('GET', '/invocation/next');
    if (status !== 200) process.exit(1);
    const context = newContext(headers);
    owed = `/invocation/${context.awsRequestId}`;
    env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    const event = JSON.parse(body);
    if (!handler[streamingSymbol]) await runBuffered(handler, event, context);
    else if (hasCallbacks) await waitUntilIdle(runStreaming(handler, event, context), context);
    else await runStreaming(handler, event, context);
    owed = stream = undefined;
  }
}

run();
