import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { ARM_NAMES } from '../lab/model/arm.js';
import { RunResult } from '../lab/model/run-result.js';
import { sampleRun } from '../lab/report/sample/sample-run.js';
import { writeReport } from '../lab/report/write-report.js';
import { openChromium } from './support/chromium.js';
import { leastContrast } from './support/contrast.js';

const CARDS = ['acknowledged-p95', 'effects-p95', 'accepted-billing-slow', 'lost-on-kill', 'accepted-kafka-down', 'cpu-per-order']; // prettier-ignore
const SHOWN = ['sync-hardened', 'async-local', 'async'] as const;

describe('the page of a run, in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-page-'));
  const { page: file, json } = writeReport(sampleRun(), join(folder, 'index.html'), { coreHour: 0.05 });
  const result = RunResult.parse(JSON.parse(readFileSync(json, 'utf8')));
  const url = pathToFileURL(file).href;
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page; `noise` is what it asked for besides itself, and what it complained about. */
  async function opened(options: Parameters<Browser['newPage']>[0] = {}): Promise<{ page: Page; noise: string[] }> {
    const page = await browser.newPage(options);
    const noise: string[] = [];
    page.on('request', (request) => request.url() !== url && noise.push(`asked for ${request.url()}`));
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(String(error)));
    await page.goto(url, { waitUntil: 'load' });
    return { page, noise };
  }
  const textsOf = async (page: Page, selector: string) =>
    (await page.locator(selector).allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());

  it('shows the numbers and verdicts of the JSON beside it', async () => {
    const { page, noise } = await opened();
    for (const id of CARDS) {
      const row = result.headline.find((found) => found.id === id)!;
      const cells = await Promise.all(SHOWN.map((arm) => textsOf(page, `td[data-row="${id}"][data-arm="${arm}"]`)));
      expect(cells).toEqual(SHOWN.map((arm) => [row.cells[arm]]));
      expect((await textsOf(page, `[data-verdict="${id}"]`))[0]).toMatch(new RegExp(`${row.verdict}$`));
    }
    expect(await textsOf(page, '.kafka')).toEqual([result.kafkaSentence]);
    expect(await textsOf(page, '.command code')).toEqual([result.command]);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('has a row for each scenario and a column for each arm that was run', async () => {
    const { page } = await opened();
    expect(await page.locator('.matrix tbody tr').count()).toBe(result.scenarios.length);
    expect(await page.locator('.matrix thead th').count()).toBe(1 + ARM_NAMES.length);
    await page.close();
  });

  it('leads from a number to the blocks behind it', async () => {
    const { page } = await opened();
    await page.locator('td[data-row="cpu-per-order"][data-arm="async"] a').click();
    const blocks = page.locator('#raw-S0-async tr');
    await blocks.first().waitFor({ state: 'visible', timeout: 5000 });
    expect(await blocks.count()).toBe(
      result.blocks.filter(({ scenario, arm }) => scenario === 'S0' && arm === 'async').length,
    );
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be read in the %s theme, charts included', async (colorScheme) => {
    const { page, noise } = await opened({ colorScheme });
    const { words, labels } = await leastContrast(page);
    expect(words).toBeGreaterThan(4.5);
    expect(labels).toBeGreaterThan(4.5);
    expect(await page.locator('figure svg[role=img]').count()).toBeGreaterThan(15);
    expect(noise).toEqual([]);
    await page.close();
  });

  it.each([360, 768, 1280])('needs no scrolling to the side at %d pixels', async (width) => {
    const { page } = await opened({ viewport: { width, height: 800 } });
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.close();
  });

  it('prints on two pages', async () => {
    const { page } = await opened();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
    await page.close();
  });
});
