import { openShop, type TestShop } from '../support/shop.js';
import { NOTES } from './notes/notes.module.js';
import { Notebook } from './notes/notebook.js';
import { CREATE_NOTES } from './notes/reader.js';

/** What a suite works with. */
export interface Bench {
  readonly shop: TestShop;
  readonly notes: Notebook;
}

/** A handler may take a second, so that a test of its time limit need not take twenty. */
export const SHORT_LIMITS = { PROVIDER_TIMEOUT: '400ms', HANDLER_TIMEOUT: '1s' };

/** A shop that reads notes. */
export async function openNotes(mode: 'async' | 'async-local', env: Record<string, string> = {}): Promise<Bench> {
  const shop = await openShop(mode, { env: { ...SHORT_LIMITS, ...env }, additions: NOTES });
  await shop.rows(CREATE_NOTES);
  return { shop, notes: new Notebook(shop.shop) };
}
