import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../folders.js';
import { portLike } from '../ports.js';
import { startStandIns } from './stand-ins.js';

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    'http-port': { type: 'string' },
    smtp: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const dir = path.resolve(values.dir ?? '.switchyard/stand-ins');
const portsFile = path.join(dir, 'ports.json');
const kept = fs.existsSync(portsFile)
  ? (JSON.parse(fs.readFileSync(portsFile, 'utf8')) as { http?: number; smtp?: number })
  : {};

const standIns = await startStandIns({
  dir,
  host: values.host,
  smtp: values.smtp,
  ports: {
    http: values['http-port'] ? Number(values['http-port']) : await portLike(kept.http),
    smtp: await portLike(kept.smtp),
  },
});
writeWhole(portsFile, JSON.stringify({ ...standIns.ports, pid: process.pid }));
console.log(
  `Stand-ins: providers and mailbox ${standIns.mailboxUrl}${standIns.smtpUrl && `, mail ${standIns.smtpUrl}`}`,
);

const stop = () => void standIns.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
