// A client of MCP's TypeScript SDK: registers itself, logs in, calls a tool, waits until its token has expired, and calls it
// again. Arguments: the URL of the server, and the seconds to wait.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { login } from './login.mjs';

const [, , url, wait] = process.argv;
const redirectUrl = 'http://127.0.0.1:1/callback';
const log = [];
let authorizationUrl, client, tokens, verifier;
const provider = {
  redirectUrl,
  clientMetadata: {
    client_name: 'test', redirect_uris: [redirectUrl], application_type: 'native', token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
  },
  clientInformation: () => client,
  saveClientInformation: (value) => (client = value),
  tokens: () => tokens,
  saveTokens: (value) => (log.push(tokens ? 'refreshed' : 'logged in'), (tokens = value)),
  redirectToAuthorization: (value) => (authorizationUrl = value),
  saveCodeVerifier: (value) => (verifier = value),
  codeVerifier: () => verifier,
};

const connect = async () => {
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
  const mcp = new Client({ name: 'test', version: '1.0.0' });
  try {
    await mcp.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    const callback = await login(authorizationUrl, redirectUrl);
    await transport.finishAuth(callback.searchParams.get('code'));
    return connect();
  }
  return mcp;
};
const mcp = await connect();
const call = async () => (await mcp.callTool({ name: 'days_between', arguments: { from: '2026-11-28', to: '2026-12-24' } })).content[0].text;
log.push(await call());
await new Promise((done) => setTimeout(done, Number(wait || 0) * 1000));
log.push(await call());
await mcp.close();
console.log(log.join(', '));
