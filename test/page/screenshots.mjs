// Takes the screenshots of docs: node screenshots.mjs URL DIRECTORY, with CHROMIUM as in page.test.mjs.
import { chromium } from 'playwright-core';

const [url, directory] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
for (const [name, options] of Object.entries({
  light: { viewport: { width: 1200, height: 900 } },
  dark: { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 } },
})) {
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.click('#random');
  await page.getByText('the hashes agree').waitFor();
  await page.click('#ask [type=submit]');
  await page.getByText('Done.', { exact: true }).waitFor();
  await page.screenshot({ path: `${directory}/page-${name}.png`, fullPage: true });
}
await browser.close();
