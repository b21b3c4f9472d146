// Lambda@Edge, origin-request: fails as its path says. It runs under a timeout
// of one second.
exports.handler = async ({ Records: [{ cf: { request } }] }) => {
  switch (request.uri) {
    case '/edge/throw':
      throw new Error('no configuration');
    case '/edge/loop':
      for (;;);
    case '/edge/exit':
      console.log('last words');
      process.exit(1);
    case '/edge/nonsense':
      return 'nonsense';
    case '/edge/nothing':
      return undefined;
    case '/edge/status':
      return { status: '99' };
    case '/edge/header':
      request.headers['x-edge-location'] = [{ value: 'here' }];
      return request;
    case '/edge/read-only':
      request.headers.via = [{ value: '1.1 me' }];
      return request;
  }
  return request;
};
