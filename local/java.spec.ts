import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findJava, parseJavaVersion } from './java.js';

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)', 17],
  ['java version "1.8.0_292"\nJava(TM) SE Runtime Environment (build 1.8.0_292-b10)', 8],
  ['openjdk version "11.0.20" 2023-07-18', 11],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "26-ea" 2026-03-17', 26],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.1"', 17],
])('reads what java -version prints: %j', (output, major) => {
  expect(parseJavaVersion(output)).toMatchObject({ major });
});

it.each(['', 'The operation couldn’t be completed. Unable to locate a Java Runtime.', 'command not found'])(
  'does not take %j for a Java',
  (output) => {
    expect(parseJavaVersion(output)).toBeUndefined();
  },
);

it('gives two builds of one version two names, fit for files', () => {
  const of = (build: string) => parseJavaVersion(`openjdk version "17.0.1"\nRuntime (build ${build})`)!.version;
  expect(of('17.0.1+1')).not.toBe(of('17.0.1+2'));
  expect(of('17.0.1+1 /x')).toBe('17.0.1+1__x');
});

describe('which Java is taken', () => {
  let folder: string;
  const java = (name: string, version: string) => {
    const bin = path.join(folder, name, 'bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, 'java'), `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`, { mode: 0o755 });
    return path.join(folder, name);
  };
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'java-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it('is that of JAVA_HOME, when it is new enough', async () => {
    const env = { JAVA_HOME: java('home', '21.0.1'), PATH: path.join(java('path', '17.0.1'), 'bin') };
    expect(await findJava(env)).toMatchObject({ major: 21, command: path.join(env.JAVA_HOME, 'bin', 'java') });
  });

  it('is that of PATH, when JAVA_HOME holds an old one', async () => {
    const env = { JAVA_HOME: java('home', '11.0.1'), PATH: path.join(java('path', '17.0.1'), 'bin') };
    expect(await findJava(env)).toMatchObject({ major: 17, command: 'java' });
  });

  it('is the newest old one, to be named, when none is new enough', async () => {
    const env = { JAVA_HOME: java('home', '1.8.0_1'), PATH: path.join(java('path', '11.0.1'), 'bin') };
    expect(await findJava(env)).toMatchObject({ major: 11 });
  });

  it('is none on a machine without', async () => {
    expect(await findJava({ PATH: folder })).toBeUndefined();
  });
});
