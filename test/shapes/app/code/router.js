import cf from 'cloudfront';

const routes = cf.kvs();

async function handler(event) {
  const request = event.request;
  const name = request.uri.split('/')[2];
  if (!await routes.exists(name)) {
    return { statusCode: 403, statusDescription: 'Forbidden', body: { encoding: 'text', data: `no route ${name}` } };
  }
  request.uri = await routes.get(name);
  console.log(`routed ${name} to ${request.uri}`);
  return request;
}
