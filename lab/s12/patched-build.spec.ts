import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PATCHES, sizeOf } from './patched-build.js';

describe('the patches that bring a new subscriber', () => {
  it('apply to the sources as they are', () => {
    const files = Object.values(PATCHES).map((name) => path.join('lab', 's12', name));
    expect(() => execFileSync('git', ['apply', '--check', ...files], { stdio: 'pipe' })).not.toThrow();
  });

  it('are counted as they are: with events nothing that publishes changes', () => {
    const [module, named] = [sizeOf('module'), sizeOf('namedInSync')];
    const touched = module.changed.map(({ file }) => file);
    expect(touched.filter((file) => /^src\/(designs|modules)\//.test(file))).toEqual([]);
    expect(named.changed.map(({ file }) => file)).toEqual([
      'src/designs/sync/design.module.ts',
      'src/designs/sync/order-announcer.ts',
    ]);
    expect(named.changed.every(({ lines }) => lines > 0)).toBe(true);
    expect(module.added).toBeGreaterThan(0);
  });
});
