// Fails as its path says. It runs under a timeout of one second.
const { setTimeout: sleep } = require('node:timers/promises');

const faults = {
  async '/throw'() {
    throw new TypeError('nothing written yet');
  },
  async '/throw-after'(stream) {
    begin(stream).write('first');
    await sleep(50);
    throw new RangeError('after the first byte');
  },
  async '/timeout'() {
    await sleep(60000);
  },
  async '/timeout-after'(stream) {
    begin(stream).write('first');
    await sleep(60000);
  },
  async '/loop-after'(stream) {
    begin(stream).write('first');
    await sleep(50);
    for (;;);
  },
  async '/garbage'(stream) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream.write('garbage');
    stream.end();
  },
  async '/no-json'(stream) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream.write('garbage\0\0\0\0\0\0\0\0body');
    stream.end();
  },
  async '/bad-status'(stream) {
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: 99 });
    out.write('body');
    out.end();
  },
  async '/destroy-after'(stream) {
    begin(stream).write('first');
    await sleep(50);
    stream.destroy();
  },
  async '/cut-prelude'(stream) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream.write('{"statusCode":200}');
    await sleep(50);
    process.exit(0);
  },
  async '/exit-after'(stream) {
    begin(stream).write('first');
    await sleep(50);
    for (let i = 0; i < 200; i++) console.log(`line ${i} before the end`);
    process.exit(4);
  },
  async '/nothing'(stream) {
    stream.end();
  },
  async '/well'(stream) {
    begin(stream).write(process.env.AWS_LAMBDA_LOG_STREAM_NAME);
    stream.end();
  },
};

function begin(stream) {
  return awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { 'content-type': 'text/plain' } });
}

exports.handler = awslambda.streamifyResponse((event, stream) => faults[event.rawPath](stream));
