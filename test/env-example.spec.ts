import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { settings } from '../src/config.js';

const text = readFileSync(join(__dirname, '../.env.example'), 'utf8');
const defaults = parseEnv(text);
const all = parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));
const shape = Object.entries<z.ZodType>(settings.shape);

describe('.env.example', () => {
  it('lists every setting of the shop, and no other', () => {
    expect(Object.keys(all).sort()).toEqual(shape.map(([name]) => name).sort());
  });

  it.each(shape)('shows the default of %s, or how to write it', (name, setting) => {
    const [unset, shown] = [setting.safeParse(undefined), defaults[name]];
    if (shown === undefined) {
      // Shown as an example only: there is no default, and the example is one that the shop would take.
      expect(unset.success ? unset.data : undefined).toBeUndefined();
      expect(setting.safeParse(all[name])).toMatchObject({ success: true });
    } else if (shown === '') expect(['', []]).toContainEqual(unset.data);
    else expect(setting.safeParse(shown)).toEqual({ success: true, data: unset.data });
  });

  it('says in a line of its own what each setting is for', () => {
    const lines = text.split('\n');
    const unexplained = lines.filter((line, n) => /^#?[A-Z_]+=/.test(line) && !/^# .+\.$/.test(lines[n - 1] ?? ''));
    expect(unexplained).toEqual([]);
  });
});
