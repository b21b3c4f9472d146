// Logs in by a form in Chromium: its page, its secure cookies and its absolute redirect have to be of one origin.
// SITES lists addresses, and CHROMIUM is the browser's executable. TRUSTED says that it trusts the certificates.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const { SITES, CHROMIUM: executablePath, TRUSTED } = process.env;
const patience = 30_000;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
after(() => browser?.close());

for (const site of SITES.split(' ')) {
  test(`a login at ${site}`, async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: !TRUSTED });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    await page.goto(site);
    await Promise.all([page.waitForURL('**/in'), page.click('button')]);
    assert.equal(await page.textContent('body'), `hello ada at ${new URL(site).origin}`);
    assert.deepEqual((await context.cookies()).map(({ name, secure }) => [name, secure]), [['token', true], ['session', true]]);
    const protocol = await page.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol);
    assert.equal(protocol, site.startsWith('https') ? 'h2' : 'http/1.1');
    await context.close();
  });
}
