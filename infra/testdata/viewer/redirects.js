import cf from 'cloudfront';

// Redirects the old paths that are keys of the store.
async function viewerRequest(event) {
  const store = cf.kvs();
  if (await store.exists(event.request.uri)) {
    const to = await store.get(event.request.uri);
    return { statusCode: 301, headers: { location: { value: to } } };
  }
  return event.request;
}
