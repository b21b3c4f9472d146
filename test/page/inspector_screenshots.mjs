// Takes the pictures of the inspector for docs: node inspector_screenshots.mjs INSPECTOR DEMO CLOSED DIRECTORY, with the addresses
// of inspector.test.mjs and CHROMIUM as there. Synthesize the demo with construct paths, as the CDK CLI does, and without its page
// (-c staticDir=), and serve it with --template Shop=test/page/testdata/hostile.yaml.
import { chromium } from 'playwright-core';

const [inspector, demo, closed, directory] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
await fetch(`${inspector}/api/requests`, { method: 'DELETE' });
const ids = {};
for (const [name, address, init] of [
  ['upload', `${demo}/upload`, { method: 'POST', body: new Uint8Array(2 << 20) }],
  ['events', `${demo}/events?count=60&interval=40`],
  ['closed', `${closed}/orders/17`],
  ['stream', `${demo}/`, { method: 'POST', body: 'name=Ada' }],
]) {
  await (await fetch(address, init)).text();
  ids[name] = (await (await fetch(`${inspector}/api/requests`)).json()).requests[0].id;
}
const wide = { width: 1200, height: 700 };
for (const [name, id, options] of [
  ['inspector-light', ids.closed, { viewport: wide }],
  ['inspector-dark', ids.closed, { viewport: wide, colorScheme: 'dark' }],
  ['inspector-stream', ids.events, { viewport: { width: 1280, height: 860 } }],
  ['inspector-phone', ids.upload, { viewport: { width: 390, height: 844 }, isMobile: true }],
]) {
  const page = await browser.newPage(options);
  await page.goto(`${inspector}/#${id}`);
  await page.locator('.waterfall').waitFor();
  await page.screenshot({ path: `${directory}/${name}.png` });
}
await browser.close();
