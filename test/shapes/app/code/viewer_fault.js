// CloudFront Function, viewer-request: fails as its path says.
function handler(event) {
  const request = event.request;
  switch (request.uri) {
    case '/viewer/throw':
      throw new Error('no configuration');
    case '/viewer/loop':
      for (;;) {}
    case '/viewer/nonsense':
      return 'nonsense';
    case '/viewer/header':
      request.headers['x-edge-location'] = { value: 'here' };
      return request;
  }
  console.log('passing on');
  return request;
}
