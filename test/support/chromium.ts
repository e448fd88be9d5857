import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function executable(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = [process.env.CHROMIUM_PATH ?? '', ...NAMES.flatMap((name) => folders.map((f) => path.join(f, name)))];
  const found = places.filter(Boolean).find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('No Chromium here: install the package chromium, or name it in CHROMIUM_PATH.');
  return found;
}

/** A headless Chromium of the system. It runs as whoever runs the tests, in a container also as root: no sandbox. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
