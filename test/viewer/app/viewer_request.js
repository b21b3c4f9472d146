import cf from 'cloudfront';

// The canonical host, basic auth for /preview, redirects, and a cookie that assigns viewers to a group.
async function viewerRequest(event) {
  const request = event.request;
  if (request.headers.host.value === 'example.com') return redirect('https://www.example.com' + request.uri);

  const store = cf.kvs();
  if (request.uri === '/preview') {
    const password = await store.get('preview-password');
    const sent = request.headers.authorization;
    if (!sent || sent.value !== 'Basic ' + btoa('preview:' + password)) {
      return { statusCode: 401, headers: { 'www-authenticate': { value: 'Basic realm="preview"' } } };
    }
    delete request.headers.authorization;
  }
  if (await store.exists(request.uri)) {
    const location = await store.get(request.uri);
    return redirect(location);
  }
  request.headers['x-group'] = { value: request.cookies.group ? request.cookies.group.value : 'a' };
  request.headers['x-original-host'] = { value: 'forged.example.com' };
  return request;
}

function redirect(location) {
  return { statusCode: 301, headers: { location: { value: location } } };
}
