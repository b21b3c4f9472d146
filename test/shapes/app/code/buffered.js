// Returns its request in JSON, like inspect.py. Runs buffered behind a function URL.
exports.handler = async (event) => {
  console.log('inspecting ' + event.rawPath);
  let body = event.body || '';
  if (event.isBase64Encoded) body = Buffer.from(body, 'base64').toString('hex');
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'x-greeting': process.env.GREETING },
    cookies: ['a=1', 'b=2'],
    body: JSON.stringify({
      method: event.requestContext.http.method,
      path: event.rawPath,
      query: event.rawQueryString,
      body,
      headers: event.headers,
    }),
  };
};
