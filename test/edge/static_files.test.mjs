import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import vm from 'node:vm';

import { viewerRequest } from './events.mjs';
import { undocumented } from './language.mjs';

const placeholder = 'const files = [];';
const known = '/.well-known/apple-app-site-association';

/** Runs a function on a path, with `known` among its files, and returns the path it rewrites it to, or the Location. */
function runner(name) {
  const source = readFileSync(new URL(`../../edge/${name}.js`, import.meta.url), 'utf8');
  test(`${name} uses only what cloudfront-js-2.0 documents`, () => assert.deepEqual(undocumented(source), []));
  test(`${name} has the line that the library replaces`, () => assert.equal(source.split(placeholder).length, 2));
  const filled = source.replace(placeholder, `const files = ['${known}'];`);
  return (uri, query = '') => {
    const event = viewerRequest();
    event.request.uri = uri;
    event.query = query;
    const script = `${filled}
      const given = JSON.parse(event);
      given.request.rawQueryString = () => given.query;
      JSON.stringify(handler(given));`;
    const result = JSON.parse(vm.runInNewContext(script, { event: JSON.stringify(event) }));
    return result.uri ?? `${result.statusCode} ${result.headers.location.value}`;
  };
}

describe('directory_index', () => {
  const run = runner('directory_index');
  const cases = {
    '/': '/index.html',
    '/docs/': '/docs/index.html',
    '/v1.2/': '/v1.2/index.html',
    '/docs/page.html': '/docs/page.html',
    [known]: known,
    '/docs': '302 ./docs/',
    '/a/b%20c': '302 ./b%20c/',
    '/v1.2/docs': '302 ./docs/',
  };
  for (const [uri, want] of Object.entries(cases)) test(`${uri} → ${want}`, () => assert.equal(run(uri), want));
  test('keeps the query in a redirect', () => assert.equal(run('/docs', 'a=1&b=%20'), '302 ./docs/?a=1&b=%20'));

  for (const uri of ['//evil.example/x', '//evil', '/\\evil', '/a/\\\\evil', '/javascript:alert(1)', '/%2F%2Fevil']) {
    test(`never redirects to another host: ${uri}`, () => {
      const [, location] = run(uri).split(' ');
      const resolved = new URL(location ?? uri, new URL(`https://www.example.com${uri}`));
      assert.equal(resolved.host, 'www.example.com');
      assert.equal(resolved.protocol, 'https:');
    });
  }
});

describe('single_page_app', () => {
  const run = runner('single_page_app');
  const cases = {
    '/': '/index.html',
    '/users/7': '/index.html',
    '/users/': '/index.html',
    '/v1.2/users': '/index.html',
    '/assets/index-BkDeRt1_.js': '/assets/index-BkDeRt1_.js',
    '/missing.png': '/missing.png',
    [known]: known,
  };
  for (const [uri, want] of Object.entries(cases)) test(`${uri} → ${want}`, () => assert.equal(run(uri), want));
});
