// Returns its event in JSON, or a pixel. Runs buffered behind a REST API.
exports.handler = async (event) => {
  if (event.path === '/pixel') {
    return { statusCode: 200, multiValueHeaders: { 'content-type': ['image/gif'] }, body: 'R0lGODdh', isBase64Encoded: true };
  }
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'www-authenticate': 'Basic' },
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    body: JSON.stringify(event),
  };
};
