// Gives an Express app behind CloudFront the host, scheme and address of its viewer:
//
//   app.use(behindCloudFront);
//
// CloudFront sends the function URL's own host, and its signature in Authorization. The viewer's are in X-Original-Host and
// X-Original-Authorization, which the CloudFront Function original_host overwrites, or removes. A request that has no
// X-Original-Host is left as it is: it is the adapter's readiness check, or the app runs without CloudFront.
export function behindCloudFront(request, response, next) {
  const { headers } = request;
  if (headers['x-original-host']) {
    headers.host = headers['x-original-host'];
    if (headers['x-original-authorization']) {
      headers.authorization = headers['x-original-authorization'];
    }

    // CloudFront removes the viewer's, and the function URL sets it.
    // See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
    define(request, 'protocol', headers['x-forwarded-proto'] === 'http' ? 'http' : 'https');

    // CloudFront appends the viewer's address to what the viewer sent. The policy doesn't add CloudFront-Viewer-Address: a
    // viewer could.
    // See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses
    const addresses = headers['x-forwarded-for'];
    if (addresses) {
      define(request, 'ip', addresses.split(',').at(-1).trim());
    }
  }
  next();
}

// Express has getters for these on the prototype of its requests.
function define(request, name, value) {
  Object.defineProperty(request, name, { value, configurable: true, enumerable: true });
}
