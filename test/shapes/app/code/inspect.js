// Returns its request in JSON. Runs buffered behind a function URL.
exports.handler = async (event) => {
  const missing = event.rawPath.includes('missing');
  return {
    statusCode: missing ? 404 : 200,
    headers: { 'content-type': 'application/json', 'x-secret': 'kept inside' },
    body: JSON.stringify({
      function: process.env.AWS_LAMBDA_FUNCTION_NAME,
      greeting: process.env.GREETING,
      method: event.requestContext.http.method,
      path: event.rawPath,
      query: event.rawQueryString,
      body: event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('hex') : event.body,
      headers: event.headers,
      cookies: event.cookies,
    }),
  };
};
