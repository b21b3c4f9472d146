// Event:  CloudFront Functions, viewer-request, runtime cloudfront-js-2.0, with reject.js.
// Job:    responds to requests without a usable access token with a challenge, and with the metadata that it names.
// Limits: can't verify a signature, so it only rejects: the handler verifies each token that passes.
// Source: https://www.rfc-editor.org/rfc/rfc6750#section-3 and https://www.rfc-editor.org/rfc/rfc9728

// The library fills it in.
const authorization = {};

// Returns a response, or the request if its token may be valid.
function authorize(event) {
  const request = event.request;
  const headers = request.headers;
  const origin = authorization.origin || 'https://' + headers.host.value;
  const resource = origin + authorization.path;
  const wellKnown = '/.well-known/oauth-protected-resource';
  if ((request.uri + '/').startsWith(wellKnown + '/')) return describe(resource);
  // A preflight request has no token: it asks whether one may be sent.
  if (request.method === 'OPTIONS' && headers['access-control-request-method']) return request;
  let problem;
  try {
    problem = problemOf(headers.authorization, authorization.audiences || [resource]);
  } catch (e) {
    return request; // The token isn't a JWT, or its claims aren't what they must be: the handler judges it.
  }
  return problem ? challenge(problem[0], problem[1], origin + wellKnown + authorization.path) : request;
}

// Responds with the metadata. It is public, so pages of all origins may read it.
function describe(resource) {
  const headers = { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'max-age=300' } };
  headers['access-control-allow-origin'] = headers['access-control-allow-headers'] = { value: '*' };
  const metadata = { resource: resource, authorization_servers: [authorization.issuer], scopes_supported: authorization.scopes };
  metadata.bearer_methods_supported = ['header'];
  return { statusCode: 200, headers: headers, body: JSON.stringify(metadata) };
}

// Returns the error code and what is wrong with a token, or nothing, and throws if it can't be read. The code is empty
// without a token.
function problemOf(header, audiences) {
  const token = header && /^bearer +([^ ]+) *$/i.exec(header.value);
  if (!token) return ['', 'The request has no access token.'];
  const claims = JSON.parse(Buffer.from(token[1].split('.')[1], 'base64url').toString());
  const bare = (name) => String(name).replace(/[/]$/, '');
  // Cognito's access tokens have client_id in place of aud.
  const meant = [].concat(claims.aud || claims.client_id).map(bare);
  // Clocks may differ by ten seconds.
  if (claims.exp + 10 < Date.now() / 1000) return ['invalid_token', 'The access token has expired.'];
  if (claims.iss !== authorization.issuer) return ['invalid_token', 'The access token is from another issuer.'];
  if (!audiences.some((name) => meant.includes(bare(name)))) return ['invalid_token', 'The access token is for another resource.'];
  // Entra and Okta have scp. Entra's scopes lack the prefix by which clients ask for them.
  const granted = [].concat(claims.scope || claims.scp || []).join(' ').split(' ');
  const has = (scope) => granted.includes(scope) || (claims.scp && granted.includes(scope.split('/').pop()));
  if (!(authorization.scopes || []).every(has)) return ['insufficient_scope', 'The access token lacks a scope.'];
}

// Without a token there is no error in the challenge. See: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
function challenge(error, message, url) {
  const hint = 'Get an access token from ' + authorization.issuer + ' and send it as Authorization: Bearer.';
  const response = reject(error === 'insufficient_scope' ? 403 : 401, { message: message, code: error || 'token_missing', hint: hint });
  const parts = ['resource_metadata="' + url + '"'];
  if (authorization.scopes) parts.push('scope="' + authorization.scopes.join(' ') + '"');
  if (error) parts.push('error="' + error + '"', 'error_description="' + message + '"');
  response.headers['www-authenticate'] = { value: 'Bearer ' + parts.join(', ') };
  return response;
}
