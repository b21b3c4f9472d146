// Events in the shape CloudFront gives them to edge functions, modeled on the examples of the guide.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

const DOMAIN = 'd111111abcdef8.cloudfront.net';
const FUNCTION_URL = 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-northeast-1.on.aws';
const REQUEST_ID = '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==';

/**
 * A Lambda@Edge origin-request event. `body` is the Buffer that the viewer sent; Content-Length follows it unless
 * `headers` says otherwise (a value of undefined leaves the header out). `shown` changes the body object.
 */
export function originRequest({ method = 'POST', body = Buffer.alloc(0), headers = {}, shown = {} } = {}) {
  const all = {
    'X-Forwarded-For': '203.0.113.178',
    'User-Agent': 'Amazon CloudFront',
    Via: '2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)',
    'X-Original-Host': 'www.example.com',
    Host: FUNCTION_URL,
    'Content-Length': String(body.length),
    ...headers,
  };
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: DOMAIN,
            distributionId: 'EDFDVBD6EXAMPLE',
            eventType: 'origin-request',
            requestId: REQUEST_ID,
          },
          request: {
            body: { action: 'read-only', data: body.toString('base64'), encoding: 'base64', inputTruncated: false, ...shown },
            clientIp: '203.0.113.178',
            headers: Object.fromEntries(
              Object.entries(all)
                .filter(([, value]) => value !== undefined)
                .map(([key, value]) => [key.toLowerCase(), [value].flat().map((value) => ({ key, value }))]),
            ),
            method,
            origin: {
              custom: {
                customHeaders: {},
                domainName: FUNCTION_URL,
                keepaliveTimeout: 5,
                path: '',
                port: 443,
                protocol: 'https',
                readTimeout: 30,
                sslProtocols: ['TLSv1.2'],
              },
            },
            querystring: 'size=large',
            uri: '/echo',
          },
        },
      },
    ],
  };
}

/** A CloudFront Functions viewer-request event. `headers` are in its own shape: { name: { value, multiValue? } }. */
export function viewerRequest({ method = 'GET', headers = {} } = {}) {
  return {
    version: '1.0',
    context: {
      distributionDomainName: DOMAIN,
      distributionId: 'EDFDVBD6EXAMPLE',
      eventType: 'viewer-request',
      requestId: REQUEST_ID,
    },
    viewer: { ip: '198.51.100.11' },
    request: {
      method,
      uri: '/media/index.mpd',
      querystring: { ID: { value: '42' }, querymv: { value: 'val1', multiValue: [{ value: 'val1' }, { value: 'val2,val3' }] } },
      headers: {
        host: { value: 'video.example.com' },
        'user-agent': { value: 'curl/8.5.0' },
        accept: { value: 'application/json', multiValue: [{ value: 'application/json' }, { value: 'text/html' }] },
        ...headers,
      },
      cookies: { cookie1: { value: 'value1' }, cookiemv: { value: 'a', multiValue: [{ value: 'a' }, { value: 'b' }] } },
    },
  };
}

/** Freezes a value and all that it holds. */
export function freeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
