import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { until } from '../support/until.js';

const ROOT = resolve(__dirname, '../..');
const MESSAGING = join(ROOT, 'src/messaging');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** The files that the README shows, by name. */
function shownFiles(): Map<string, string> {
  const text = readFileSync(join(MESSAGING, 'README.md'), 'utf8');
  const blocks = text.matchAll(/^`([\w.]+)`:\n\n```\w+\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, name, content]) => [name!, content!]));
}

const manifest = (text: string) => JSON.parse(text) as { dependencies: Record<string, string> };

/** The packages that the sources import; `node:` ones left out. */
function importedPackages(): string[] {
  const files = (readdirSync(MESSAGING, { recursive: true }) as string[]).filter((file) => /(?<!spec)\.ts$/.test(file));
  const named = files.flatMap((file) =>
    [...readFileSync(join(MESSAGING, file), 'utf8').matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g)].map(
      ([, name]) => name!,
    ),
  );
  return [...new Set(named)].filter((name) => !name.startsWith('node:')).sort();
}

describe('messaging, lifted out into an empty application', () => {
  const shown = shownFiles();
  const dir = mkdtempSync(join(tmpdir(), 'switchyard-lift-out-'));
  let greeter: ChildProcess | undefined;
  afterAll(async () => {
    if (greeter?.exitCode === null) {
      greeter.kill('SIGKILL');
      await new Promise((ended) => greeter!.once('exit', ended));
    }
    rmSync(dir, { recursive: true, force: true });
  });

  it('needs the packages that its README lists, in the versions of the shop', () => {
    const listed = manifest(shown.get('package.json')!).dependencies;
    const own = manifest(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies;
    expect(Object.keys(listed)).toEqual(expect.arrayContaining(importedPackages()));
    expect(listed).toEqual(Object.fromEntries(Object.keys(listed).map((name) => [name, own[name]])));
  });

  it('builds as its README says, and delivers what is announced, once, over Kafka', async () => {
    for (const [name, content] of shown) writeFileSync(join(dir, name), content);
    cpSync(MESSAGING, join(dir, 'messaging'), { recursive: true, filter: (file) => !file.endsWith('.spec.ts') });
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
    const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--skipLibCheck', '--types', 'node'];
    const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata', '--outDir', 'dist', '--rootDir', '.'];
    const internals = 'messaging/kafka/kafkajs-internals.d.ts';
    execFileSync(process.execPath, [TSC, ...options, ...decorators, 'greeter.ts', internals], { cwd: dir });

    const name = `greeter_${Date.now()}`;
    const admin = new pg.Client(process.env.TEST_POSTGRES);
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(process.env.TEST_POSTGRES!);
    url.pathname = `/${name}`;
    const env = { PATH: process.env.PATH, DATABASE_URL: url.href, KAFKA_BROKERS: process.env.TEST_KAFKA };
    let said = '';
    greeter = spawn(process.execPath, ['dist/greeter.js'], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [greeter.stdout!, greeter.stderr!]) stream.on('data', (part) => (said += String(part)));
    const db = new pg.Client(url.href);
    await db.connect();
    try {
      const heard = async () => {
        if (greeter!.exitCode !== null) throw new Error(`The greeter ended: ${said}`);
        const found = await db.query(`SELECT to_regclass('people') AS people`);
        if (!found.rows[0].people) return false;
        return (await db.query(`SELECT 1 FROM people WHERE heard > 0`)).rows.length > 0;
      };
      await until('the greeting to be heard', heard, 40_000);
      expect((await db.query(`SELECT * FROM people`)).rows).toEqual([{ name: 'Ada', greeted: 1, heard: 1 }]);
      expect((await db.query(`SELECT subscriber, outcome FROM inbox`)).rows).toEqual([
        { subscriber: 'statistics', outcome: 'applied' },
      ]);
      await until('the outbox to be empty', async () => (await db.query(`SELECT 1 FROM outbox`)).rows.length === 0);
      const kafka = new Kafka({ brokers: [process.env.TEST_KAFKA!], logLevel: logLevel.NOTHING }).admin();
      await kafka.connect();
      const offsets = await kafka.fetchTopicOffsets('people');
      await kafka.disconnect();
      expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(1);
      greeter.kill('SIGTERM');
      await until('the greeter to have ended', () => greeter!.exitCode !== null);
      expect(greeter.exitCode).toBe(0);
    } finally {
      await db.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    }
  }, 120_000);
});
