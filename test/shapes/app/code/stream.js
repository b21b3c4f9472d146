// Streams three lines with a pause after each, or returns the request's body.
const { setTimeout: sleep } = require('node:timers/promises');

exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  const out = awslambda.HttpResponseStream.from(stream, {
    statusCode: 200,
    headers: { 'content-type': 'text/plain', 'x-handler': process.version },
    cookies: ['a=1', 'b=2'],
  });
  if (event.rawPath === '/echo') {
    out.write(event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body ?? '');
  } else {
    for (const line of ['one', 'two', 'three']) {
      out.write(`${line}\n`);
      await sleep(150);
    }
  }
  out.end();
});
