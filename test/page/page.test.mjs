// Drives the demo's page in Chromium, as a person would. PAGE_URL is where the
// local edge serves it, and CHROMIUM the browser's executable.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const { PAGE_URL: url, CHROMIUM: executablePath } = process.env;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Bounds every wait: generous, because nothing here is a measurement.
const patience = 30_000;

let browser;
before(async () => {
  // Chromium's sandbox doesn't start as root, as CI runs it.
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
after(() => browser?.close());

/** Opens the page. The test fails if it logs an error, such as a violation of its Content-Security-Policy. */
async function open(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  t.after(async () => {
    await context.close();
    if (!options.expectErrors) assert.deepEqual(errors, []);
  });
  return page;
}

const text = (page, id) => page.locator(`#${id}`).textContent();

/** Waits until an element's text matches. The page's policy forbids the eval of playwright's waitForFunction. */
async function waitFor(page, id, pattern) {
  const deadline = Date.now() + patience;
  for (;;) {
    const got = await text(page, id);
    if (pattern.test(got)) return;
    if (Date.now() > deadline) throw new Error(`#${id} is ${JSON.stringify(got)}, not ${pattern}`);
    await page.waitForTimeout(20);
  }
}

test('an answer arrives piece by piece', async (t) => {
  const page = await open(t);
  // In the page, because this process may be too busy to see each piece.
  await page.evaluate(() => {
    const [answer, stop] = ['answer', 'stop'].map((id) => document.getElementById(id));
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push({ length: answer.textContent.length, stoppable: !stop.disabled }))
      .observe(answer, { childList: true, characterData: true, subtree: true });
  });
  await page.click('#ask [type=submit]');
  await waitFor(page, 'agent-status', /^Done\./);
  const whole = (await text(page, 'answer')).length;
  const early = (await page.evaluate(() => globalThis.seen)).filter(({ length }) => length > 0 && length < whole / 2);
  assert.ok(early.length > 0, 'the first half of the text was there before the rest');
  assert.ok(early.every(({ stoppable }) => stoppable), 'meanwhile it can be stopped');
  const states = await page.locator('#nodes li').evaluateAll((items) => items.map((item) => item.className));
  assert.ok(states.length >= 4 && states.every((state) => state === 'done' || state === 'skipped'), `the steps are ${states}`);
  assert.ok((await page.locator('#plot rect').count()) > 10, 'the plot has a bar for each event');
  assert.match(await text(page, 'figure-first'), /\d+ (ms|s)/);
  assert.match(await page.locator('#plot').getAttribute('aria-labelledby'), /plot-title/);
  assert.match(await page.locator('#plot title').textContent(), /events in/);
  assert.equal(await page.locator('#path li[data-step=handler]').getAttribute('class'), 'passed');
  assert.match(await text(page, 'answer'), /^A POST or PUT fails with 403 if /, 'the answer is first, and is one');
  assert.match(await text(page, 'sources'), /^\[1\] \[2\] Why a POST fails/, 'the notes have the numbers that the answer cites');
  assert.match(await text(page, 'work'), /^plan.*search_1.*draft.*reviewAPPROVED$/s);
  const hidden = await page.locator('.work').evaluate((work) => work.scrollTop);
  assert.equal(hidden, 0, 'the log of the steps is at its end');
  assert.match(await text(page, 'wire-log'), /POST \/agent[^]*200[^]*content-type: text\/event-stream/);
});

test('a suggested question is asked, and an upload leaves its plot alone', async (t) => {
  const page = await open(t);
  await page.click('summary');
  await page.click('text=What is OAC?');
  assert.equal(await page.inputValue('#question'), 'What is OAC?');
  await page.click('text=What does it cost?'); // while the agent answers: nothing happens
  await waitFor(page, 'agent-status', /^Done\./);
  assert.match(await text(page, 'answer'), /^OAC is how CloudFront proves itself/);
  const plot = await page.locator('#plot title').textContent();
  await page.click('#random');
  await waitFor(page, 'upload-status', /hashes agree/);
  assert.equal(await page.locator('#plot title').textContent(), plot);
});

test('an upload has the same hash on both sides', async (t) => {
  const page = await open(t);
  for (const [size, hashHere] of [[10, false], [1 << 20, false], [3 << 20, true]]) {
    await page.setChecked('#hash-first', hashHere);
    await page.setInputFiles('#file', { name: 'bytes.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(size, size % 251) });
    await page.click('#send [type=submit]');
    await waitFor(page, 'upload-status', new RegExp(`^${size} bytes arrived, and the hashes agree`));
    assert.match(await text(page, 'hash-here'), /^[0-9a-f]{64}$/);
    assert.equal(await text(page, 'hash-here'), await text(page, 'hash-there'));
    assert.equal(await page.locator('#upload-progress').evaluate((progress) => progress.value), 1);
  }
  assert.match(await text(page, 'wire-log'), /x-amz-content-sha256: [0-9a-f]{64}\n\n3145728 bytes/);
  await page.click('#random');
  await waitFor(page, 'upload-status', /^1048576 bytes arrived/);
});

for (const [what, breaks, message] of [
  ['a file that can’t be read', () => { Blob.prototype.arrayBuffer = async () => { throw new Error('The file is gone.'); }; }, /^The file is gone/],
  ['a page without WebCrypto', () => Object.defineProperty(crypto, 'subtle', { value: undefined }), /HTTPS or localhost/],
]) {
  test(`${what} says so, and the page goes on`, async (t) => {
    const page = await open(t);
    await page.evaluate(breaks);
    await page.click('#random');
    await waitFor(page, 'upload-status', message);
    assert.equal(await page.locator('#random').isEnabled(), true);
  });
}

test('an upload that the edge rejects says why', async (t) => {
  const page = await open(t, { expectErrors: true });
  await page.setInputFiles('#file', { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2 << 20) });
  await page.click('#send [type=submit]');
  await waitFor(page, 'upload-status', /^Got 413: CloudFront passes .*\. Send the SHA-256 .* as x-amz-content-sha256, /);
  assert.deepEqual(await strip(page), [
    'passed: sent', 'passed: passed', 'failed: responded with 413', ': not reached', ': not reached', ': not reached',
  ]);
  assert.match(await text(page, 'path-why'), /^body_hasher: CloudFront passes .*\. Send the SHA-256 .* as x-amz-content-sha256, /);
  await page.click('#random');
  await waitFor(page, 'upload-status', /hashes agree/);
  assert.equal((await strip(page)).at(-1), 'passed: responded with 200');
  assert.equal(await text(page, 'path-why'), '');
});

/** The state of each step of the path: its class and its words. */
const strip = (page) => page.locator('#path li').evaluateAll((steps) => steps.map((step) => `${step.className}: ${step.querySelector('small').textContent}`));

for (const [step, status, headers] of [
  ['original_host', 403, { 'x-cache': 'FunctionGeneratedResponse from cloudfront' }],
  ['original_host', 403, { 'x-cache': 'Error from cloudfront' }],
  ['body_hasher', 400, { 'x-cache': 'LambdaGeneratedResponse from cloudfront' }],
  ['OAC', 504, { 'x-cache': 'Error from cloudfront' }],
  ['Function URL', 403, { 'x-cache': 'Error from cloudfront', 'x-amzn-requestid': 'id', 'x-amzn-errortype': 'AccessDeniedException' }],
  ['Handler', 500, { 'x-cache': 'Error from cloudfront', 'x-amzn-requestid': 'id' }],
]) {
  test(`the path shows ${step} for a ${status} with ${Object.values(headers).join(', ')}`, async (t) => {
    const page = await open(t, { expectErrors: true });
    await page.route('**/api/upload', (route) => route.fulfill({ status, headers, body: '{"error":{"message":"No.","hint":"Try again."}}' }));
    await page.click('#random');
    await waitFor(page, 'path-why', new RegExp(`^${step}: No. Try again.$`));
    const failed = page.locator('#path li.failed');
    assert.equal(await failed.count(), 1);
    assert.equal(await failed.locator('b').textContent(), step);
    assert.equal(await failed.locator('small').textContent(), `responded with ${status}`);
  });
}

test('everything works by keyboard', async (t) => {
  const page = await open(t);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').textContent(), 'Skip to the demo');
  await page.focus('#question');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('What is a chunk?');
  await page.keyboard.press('Enter');
  await waitFor(page, 'agent-status', /running/);
  await page.keyboard.press('Tab'); // Ask is disabled meanwhile, so this is Stop
  assert.equal(await page.locator(':focus').getAttribute('id'), 'stop');
  await page.keyboard.press('Enter');
  await waitFor(page, 'agent-status', /^Stopped/);
  assert.equal(await page.locator('#nodes .running').count(), 0);
  assert.equal(await page.locator('#nodes .stopped').count(), 1);
  assert.match(await text(page, 'wire-log'), /Stopped by this page\.$/);
  assert.equal(await page.locator(':focus').textContent(), 'Ask');
});

test('a question that isn’t asked says so', async (t) => {
  const page = await open(t, { expectErrors: true });
  await page.fill('#question', '  ');
  await page.click('#ask [type=submit]');
  assert.equal(await page.locator('#question:invalid').count(), 1);
  assert.equal(await text(page, 'agent-status'), 'Nothing asked yet.');
  await page.fill('#question', 'What is a chunk?');
  await page.context().setOffline(true);
  await page.click('#ask [type=submit]');
  await waitFor(page, 'agent-status', /^The connection broke off: /);
  assert.match(await text(page, 'wire-log'), /The connection broke off: [^]*\.$/);
});

test('no button loses the focus while it works', async (t) => {
  const page = await open(t);
  await page.focus('#ask [type=submit]');
  await page.keyboard.press('Enter');
  await waitFor(page, 'agent-status', /running/);
  assert.equal(await page.locator(':focus').textContent(), 'Stop');
  await waitFor(page, 'agent-status', /^Done\./);
  assert.equal(await page.locator(':focus').textContent(), 'Ask');
  await page.focus('#random');
  await page.keyboard.press('Enter');
  await waitFor(page, 'upload-status', /hashes agree/);
  assert.equal(await page.locator(':focus').getAttribute('id'), 'random');
});

for (const [name, options] of Object.entries({
  light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
})) {
  test(`axe finds nothing to say about the page (${name})`, async (t) => {
    // axe is a script of the test's own, which the page's policy would reject.
    const page = await open(t, { bypassCSP: true, expectErrors: true, ...options });
    // With this question nodes are skipped, and with this page's hash a step of the path.
    await page.fill('#question', 'heartbeat');
    await page.click('#ask [type=submit]');
    await waitFor(page, 'agent-status', /^Done\./);
    assert.ok((await page.locator('#nodes .skipped').count()) > 0);
    await page.check('#hash-first');
    await page.click('#random');
    await waitFor(page, 'upload-status', /hashes agree/);
    assert.ok((await page.locator('#path .skipped').count()) > 0);
    await page.addScriptTag({ content: axe });
    const check = async () => {
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`), []);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels wider than the screen`);
    };
    await check();
    // And with a step that fails, and the suggestions.
    await page.click('summary');
    await page.uncheck('#hash-first');
    await page.setInputFiles('#file', { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2 << 20) });
    await page.click('#send [type=submit]');
    await waitFor(page, 'upload-status', /^Got 413/);
    await check();
  });
}

test('a page of another site gets neither answers nor downloads', async (t) => {
  // In frames, because Chromium hides the status of an image of another site.
  const html = `<iframe src="${url}agent?question=a"></iframe><iframe src="${url}api/download?size=100"></iframe><a href="${url}api/pages/">link</a>`;
  const other = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html)).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    other.close();
  });
  const page = await context.newPage();
  const statuses = {};
  page.on('response', (response) => (statuses[new URL(response.url()).pathname] = response.status()));
  // By another name than the demo's 127.0.0.1, so it is another site.
  await page.goto(`http://localhost:${other.address().port}/`);
  await page.click('a');
  await page.getByText('The head of this page came first').waitFor();
  assert.deepEqual(statuses, { '/': 200, '/agent': 405, '/api/download': 403, '/api/pages/': 200, '/api/pages/style.css': 200 });
});

test('the policy forbids scripts and styles in the page', async (t) => {
  const page = await open(t, { expectErrors: true });
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  assert.doesNotMatch(policy, /unsafe/);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => globalThis.injected), undefined);
});
