// Lambda@Edge, origin-request: sets the header with the SHA-256 of the body that
// origin access control signs.
const { createHash } = require('node:crypto');

exports.handler = async ({ Records: [{ cf: { request } }] }) => {
  const body = Buffer.from(request.body?.data ?? '', 'base64');
  const value = createHash('sha256').update(body).digest('hex');
  request.headers['x-amz-content-sha256'] = [{ key: 'x-amz-content-sha256', value }];
  return request;
};
