// Drives the inspector in Chromium. INSPECTOR is its address; DEMO, OPEN and CLOSED are those of three distributions:
// the demo, a handler with hostile responses, and the same handler without a permission.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';

const { INSPECTOR: url, DEMO: demo, OPEN: open, CLOSED: closed, CHROMIUM: executablePath } = process.env;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Bounds every wait: generous, because nothing here is a measurement.
const patience = 30_000;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
after(() => browser?.close());
beforeEach(() => fetch(`${url}/api/requests`, { method: 'DELETE' }));

/** Opens the page. The test fails if it logs an error, such as a violation of its policy. */
async function inspect(t, path = '/', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => errors.push(`a dialog: ${dialog.message()}`));
  await page.goto(url + path);
  t.after(async () => {
    const injected = await page.evaluate(() => globalThis.injected);
    await context.close();
    if (!options.expectErrors) assert.deepEqual(errors, []);
    assert.equal(injected, undefined, 'a script of a request or a response ran');
  });
  return page;
}

/** Sends a request to its end, whole or not. Returns the id that the inspector gave it. */
async function send(address, init) {
  await fetch(address, init).then((response) => response.text()).catch(() => {});
  const { requests } = await (await fetch(`${url}/api/requests`)).json();
  return requests[0].id;
}

const scenarios = {
  stream: () => send(`${demo}/?name=<script>`, { method: 'POST', body: 'name=Ada', headers: { authorization: 'Bearer secret-token', 'content-type': 'application/x-www-form-urlencoded' } }),
  'a 413': () => send(`${demo}/upload`, { method: 'POST', body: new Uint8Array(2 << 20) }),
  'a 403': () => send(`${closed}/`),
  'a broken stream': () => send(`${open}/breaks`),
  'a hostile response': () => send(`${open}/<img src=x onerror=alert(1)>`, { headers: { 'x-evil': '<script>globalThis.injected = true</script>', 'x-long': 'v'.repeat(7000) } }),
};
const detail = (page) => page.locator('#shown');
const shown = (page, id) => detail(page).getByText(`#${id}`).first().waitFor();

test('a request appears as it comes, and shows its path', async (t) => {
  const page = await inspect(t);
  await page.getByRole('heading', { name: 'No requests yet' }).waitFor();
  assert.match(await page.locator('#try').textContent(), /^curl -N http:\/\/127\.0\.0\.1:\d+\/$/);
  const id = await scenarios.stream();
  await page.locator(`#list a[href="#${id}"]`).click();
  await detail(page).getByRole('heading', { name: '200 POST /?name=' }).waitFor();
  assert.match(await page.title(), /^200 POST \//);
  const stages = await detail(page).locator('.stage b').allTextContents();
  const wanted = ['viewer-request', 'origin-request', 'origin access control', 'function URL', 'environment', 'handler', 'stream'];
  assert.deepEqual(stages.filter((stage) => wanted.includes(stage)), wanted, `the stages are ${stages}`);
  assert.equal(await detail(page).locator('.failure').count(), 0);
  assert.ok((await detail(page).locator('.chunks i').count()) >= 5, 'each chunk is on the time line');
  await detail(page).locator('summary', { hasText: 'origin access control' }).click();
  assert.match(await detail(page).locator('.inside').filter({ hasText: 'string to sign' }).textContent(), /AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/);
  assert.match(await detail(page).locator('.headers tr.added').allTextContents().then((rows) => rows.join('\n')), /\+.*x-amz-content-sha256.*origin-request/i);
  assert.doesNotMatch(await detail(page).textContent(), /secret-token/);
});

test('a request in progress grows, and gets its end, without a reload', async (t) => {
  const page = await inspect(t);
  const leave = new AbortController();
  const sent = fetch(`${demo}/events?count=1000&interval=100`, { signal: leave.signal }).then((response) => response.text()).catch(() => {});
  await page.locator('#list a').first().click();
  const chunks = detail(page).getByText(/^\d+ chunks/);
  await chunks.waitFor();
  await detail(page).locator('summary').first().focus();
  const before = parseInt(await chunks.textContent());
  for (const began = Date.now(); parseInt(await chunks.textContent()) <= before; await page.waitForTimeout(20)) assert.ok(Date.now() - began < patience);
  assert.match(await detail(page).textContent(), /in progress/);
  leave.abort();
  await sent;
  await detail(page).getByRole('heading', { name: 'The response ended early: the viewer left' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY', 'what has the focus keeps it');
});

for (const [name, wants] of Object.entries({
  'a 413': ['413', /origin-request/, /x-amz-content-sha256/],
  'a 403': ['403', /Refused by function URL/, /lambda:InvokeFunction/, /The statement that is missing/],
  'a broken stream': ['200', /Failed in|Cut off in/],
})) {
  test(`${name} says first why`, async (t) => {
    const page = await inspect(t);
    const id = await scenarios[name]();
    await page.goto(`${url}/#${id}`);
    const failure = detail(page).locator('.failure');
    await failure.waitFor();
    assert.match(await detail(page).locator('h2').textContent(), new RegExp(`^${wants[0]}`));
    for (const want of wants.slice(1)) assert.match(await failure.innerText(), want);
    const [above, path] = await Promise.all(['.failure', '.waterfall'].map((part) => detail(page).locator(part).boundingBox()));
    assert.ok(above.y < path.y && above.y < 300, 'the cause is above the path');
    assert.equal(await detail(page).locator('details[open]:is(.refused, .failed, .cut, .answered)').count(), 1, 'the stage that ended it is open');
    await page.locator(`#list li[value="${id}"] b.bad`).waitFor();
  });
}

test('hostile responses are shown as text', async (t) => {
  const page = await inspect(t);
  for (const path of ['/', '/large']) await send(open + path);
  const id = await scenarios['a hostile response']();
  for (const one of [id - 2, id - 1, id]) {
    await page.goto(`${url}/#${one}`);
    await shown(page, one);
    assert.equal(await page.locator('#list img, #list script, article img, article script').count(), 0);
    const text = await detail(page).textContent();
    assert.match(text, /<script>globalThis\.injected = true<\/script>/);
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.ok(text.length < 60_000, `the page has ${text.length} characters`);
  }
});

test('a replay is a request of its own, and compares with its origin', async (t) => {
  const page = await inspect(t);
  const id = await scenarios.stream();
  await page.goto(`${url}/#${id}`);
  await page.getByRole('button', { name: 'Replay' }).click();
  const compare = page.getByRole('link', { name: `Compare with #${id}` });
  await compare.waitFor();
  assert.notEqual(new URL(page.url()).hash, `#${id}`);
  await detail(page).locator('.chunks').waitFor(); // it has ended
  await compare.click();
  await page.getByRole('heading', { name: /^Compare #\d+ with #\d+/ }).waitFor();
  assert.match(new URL(page.url()).hash, new RegExp(`^#${id}\\.\\.\\d+$`));
  const path = detail(page).locator('section', { has: page.getByRole('heading', { name: 'Path' }) });
  assert.match(await path.textContent(), /origin access control/);
  assert.equal(await page.locator('#list [aria-current]').count(), 2);
});

test('a body that wasn’t kept whole is not replayed, and the page says why', async (t) => {
  const id = await send(`${demo}/upload`, { method: 'POST', body: new Uint8Array(10_000) });
  const page = await inspect(t, `/#${id}`, { expectErrors: true });
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.locator('#said', { hasText: 'whole' }).waitFor();
});

test('two requests that are chosen differ in what is marked', async (t) => {
  const [a, b] = [await scenarios['a 413'](), await scenarios['a 403']()];
  const page = await inspect(t, `/#${a}`);
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText(`Choose the request to compare with #${a}`).waitFor();
  await page.locator(`#list a[href="#${b}"]`).click();
  await page.getByRole('heading', { name: `Compare #${a} with #${b}` }).waitFor();
  assert.match(await detail(page).locator('tr.differs', { hasText: 'Status' }).textContent(), /413.*403/);
});

test('a copied curl command sends the request again', async (t) => {
  const id = await send(`${demo}/echo?a=b'c`, { method: 'PUT', body: "it's\n$HOME `x`", headers: { 'x-custom': "a'b" } });
  const page = await inspect(t, `/#${id}`);
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.locator('#said', { hasText: 'Copied' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(execFileSync('bash', ['-c', command.replace('curl', 'curl -s')], { encoding: 'utf8' }), "it's\n$HOME `x`");
});

test('everything works by keyboard', async (t) => {
  const ids = [await scenarios['a 413'](), await scenarios['a 403'](), await send(`${demo}/inspect`)];
  const page = await inspect(t);
  await page.locator('#list a').nth(2).waitFor();
  const current = () => page.locator('#list [aria-current]').getAttribute('href');
  for (const [key, id] of [['j', ids[2]], ['ArrowDown', ids[1]], ['j', ids[0]], ['j', ids[0]], ['k', ids[1]]]) {
    await page.keyboard.press(key);
    assert.equal(await current(), `#${id}`);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), `#${id}`);
  }
  await detail(page).locator('.failure').waitFor();
  await page.evaluate(() => ['k', 'j', 'j'].forEach((key) => dispatchEvent(new KeyboardEvent('keydown', { key })))); // faster than the address changes
  assert.equal(await current(), `#${ids[0]}`);
  await page.keyboard.press('k');
  await page.keyboard.press('/');
  await page.keyboard.type('413 upload');
  assert.equal(await page.locator('#list li:visible').count(), 1);
  assert.equal(await page.locator('#count').textContent(), '1 of 3');
  await page.keyboard.press('ArrowDown');
  assert.equal(await current(), `#${ids[0]}`);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Choose a request' }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
});

test('filter, pause and clear', async (t) => {
  await scenarios['a 403']();
  const page = await inspect(t);
  await page.locator('#list li').waitFor();
  for (const [text, count] of [['4xx', 1], ['failed', 1], ['200', 0], ['closed', 1], ['nothing like it', 0], ['', 1]]) {
    await page.fill('#filter', text);
    assert.equal(await page.locator('#list li:visible').count(), count, text);
    assert.equal(await page.getByText('No request matches.').isVisible(), count === 0);
  }
  await page.click('#pause');
  await send(`${demo}/inspect`);
  await page.waitForTimeout(500);
  assert.equal(await page.locator('#list li').count(), 1);
  await page.click('#pause');
  await page.locator('#list li').nth(1).waitFor();
  await page.click('#clear');
  await page.getByRole('heading', { name: 'No requests yet' }).waitFor();
  assert.equal(await page.locator('#list li').count(), 0);
});

test('a permalink of a request that is gone says so', async (t) => {
  const page = await inspect(t, '/#99999', { expectErrors: true });
  await page.getByText('there is no request 99999').waitFor();
});

test('a phone shows the list, or a request with a way back', async (t) => {
  const page = await inspect(t, '/', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  const id = await scenarios['a 403']();
  await page.locator('#list a').waitFor();
  await page.locator('#list a').tap();
  await detail(page).locator('.failure').waitFor();
  assert.equal(await page.locator('#list').isVisible(), false);
  assert.match(await page.locator(':focus').textContent(), /403/, 'the heading has the focus');
  await page.getByRole('link', { name: '← Requests' }).tap();
  await page.locator(`#list a[href="#${id}"]`).waitFor({ state: 'visible' });
  assert.equal(await detail(page).isVisible(), false);
});

for (const [mode, options] of Object.entries({
  light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
})) {
  test(`axe finds nothing to say about the page (${mode})`, async (t) => {
    const ids = [];
    for (const scenario of Object.values(scenarios)) ids.push(await scenario());
    // axe is a script of the test's own, which the page's policy would reject.
    const page = await inspect(t, '/', { bypassCSP: true, reducedMotion: 'reduce', ...options });
    await page.locator('#list a').first().waitFor();
    await page.addScriptTag({ content: axe });
    for (const hash of ['', ...ids.map((id) => `#${id}`), `#${ids[0]}..${ids[2]}`]) {
      await page.evaluate((to) => (location.hash = to), hash);
      if (hash) await detail(page).locator('h2').waitFor();
      await page.waitForTimeout(200);
      await detail(page).locator('details').evaluateAll((all) => all.forEach((one) => (one.open = true)));
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(', ')}`), [], hash);
      const overflow = await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, document.getElementById('detail').scrollWidth - document.getElementById('detail').clientWidth));
      assert.ok(overflow <= 0, `at ${hash} the page is ${overflow} pixels wider than the screen`);
    }
  });
}

test('a name that isn’t this machine’s gets nothing, and other sites change nothing', async () => {
  const status = (path, headers) => new Promise((resolve) => get(`${url}${path}`, { headers }, (response) => resolve(response.resume().statusCode)));
  assert.equal(await status('/api/requests', { host: `rebound.example:${new URL(url).port}` }), 421);
  assert.equal(await status('/', { host: 'rebound.example' }), 421);
  const id = await scenarios['a 403']();
  const response = await fetch(`${url}/api/requests/${id}/replay`, { method: 'POST', headers: { origin: demo } });
  assert.equal(response.status, 403);
});

test('a page of the app can’t read, replay or frame anything', async (t) => {
  const id = await scenarios['a 403']();
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${demo}/pages/`);
  const outcomes = await page.evaluate(async ([inspector, id]) => {
    const ask = (path, init) => fetch(inspector + path, init).then((response) => response.type, () => 'failed');
    return [await ask('/api/requests'), await ask('/api/requests', { mode: 'no-cors' }), await ask(`/api/requests/${id}/replay`, { method: 'POST', mode: 'no-cors' })];
  }, [url, id]);
  assert.deepEqual(outcomes.slice(0, 1), ['failed']);
  const { requests } = await (await fetch(`${url}/api/requests`)).json();
  assert.equal(requests.filter(({ target }) => target === '/').length, 1, 'nothing was replayed');
});
