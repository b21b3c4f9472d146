// Uses the package @cloudfurl/client on a small page in Chromium, as it comes out of its archive: packed, and installed
// offline. The page is on the edge's origin, PAGE_URL, for which the browser takes what this test answers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const { PAGE_URL: url, CHROMIUM: executablePath } = process.env;
const run = promisify(execFile);

let browser, project, installed;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'package-'));
  const client = join(import.meta.dirname, '..', '..', 'client');
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project, client]);
  await writeFile(join(project, 'package.json'), '{"private": true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-update-notifier', `./${stdout.trim()}`], { cwd: project });
  installed = join(project, 'node_modules', '@cloudfurl', 'client');
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
after(async () => {
  await browser?.close();
  await rm(project, { recursive: true });
});

/** Opens a page at a URL whose module imports the package by its name. */
async function open(t, at) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const { exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const imports = { '@cloudfurl/client': new URL(exports['.'].default, `${at}client/`) };
  const module = "import * as client from '@cloudfurl/client'; globalThis.client = client;";
  await page.route(`${at}client/**`, (route) =>
    route.fulfill({ path: join(installed, route.request().url().slice(`${at}client/`.length)), contentType: 'text/javascript' }),
  );
  await page.route(`${at}small-page`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${module}</script>`,
    }),
  );
  await page.goto(`${at}small-page`);
  await page.waitForFunction(() => globalThis.client);
  return page;
}

test('a page hashes bodies of every kind by the package', async (t) => {
  const page = await open(t, url);
  const got = await page.evaluate(async () => {
    const { hashingFetch } = globalThis.client;
    const large = new Blob(['text '.repeat(600_000)], { type: 'text/plain' });
    const form = new FormData();
    form.set('file', large, 'large.txt');
    const requests = [
      ['api/inspect', { method: 'POST', body: large }],
      ['api/inspect', { method: 'PUT', body: form }],
      ['api/inspect', { method: 'POST', body: large.stream(), headers: new Headers({ 'content-type': 'text/plain' }) }],
      [new Request('api/inspect', { method: 'POST', body: large }), undefined],
    ];
    return Promise.all(requests.map(async (request) => (await hashingFetch(...request)).json()));
  });
  for (const { bodyLength, bodySha256, headers } of got) {
    assert.ok(bodyLength >= 3_000_000, `${bodyLength} bytes arrived`);
    assert.deepEqual(headers['X-Amz-Content-Sha256'], [bodySha256]);
    assert.match(headers['Content-Type'][0], /^(text\/plain|multipart\/form-data; boundary=)/);
  }
});

test('a page reads events by the package until the last, or until it aborts', async (t) => {
  const page = await open(t, url);
  const got = await page.evaluate(async () => {
    const { eventSource, events } = globalThis.client;
    const ids = [];
    for await (const { lastEventId } of eventSource('api/events?count=5&interval=1')) ids.push(lastEventId);
    const abort = new AbortController();
    try {
      for await (const _ of events(await fetch('api/events?count=1000', { signal: abort.signal }))) abort.abort('enough');
    } catch (reason) {
      return { ids, reason };
    }
  });
  assert.deepEqual(got, { ids: ['1', '2', '3', '4', '5'], reason: 'enough' });
});

test('a page that comes by http from elsewhere is told why it can hash nothing', async (t) => {
  const page = await open(t, 'http://page.example/');
  await page.route('http://page.example/api', (route) => route.fulfill({ body: 'hello' }));
  const got = await page.evaluate(async () => {
    const { hashingFetch } = globalThis.client;
    const refused = await hashingFetch('/api', { method: 'POST', body: 'hello' }).catch((error) => error.message);
    return { secure: isSecureContext, refused, get: await (await hashingFetch('/api')).text() };
  });
  assert.deepEqual(got, {
    secure: false,
    refused: 'cloudfurl: crypto.subtle is missing: a page needs HTTPS or localhost for it',
    get: 'hello',
  });
});
