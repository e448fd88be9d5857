import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knobs } from './knobs.js';
import type { Mailbox } from './mailbox.js';

const LARGEST_MAIL = 1024 * 1024;

export interface SmtpServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Takes mail over real SMTP, without password and encryption. A mail is acknowledged when it is on the disk.
 * The two libraries load here: the image that serves only HTTP does not hold them.
 */
export async function startSmtp(mailbox: Mailbox, knobs: Knobs, host: string, port: number): Promise<SmtpServer> {
  const [{ SMTPServer }, { default: PostalMime }] = await Promise.all([import('smtp-server'), import('postal-mime')]);

  const take = async (stream: Readable & { sizeExceeded?: boolean }, envelope: { from: string; to: string[] }) => {
    const raw = await read(stream);
    if (stream.sizeExceeded) throw reply(552, 'The mail is larger than 1 MiB.');
    const mail = await PostalMime.parse(raw);
    const messageId = mail.messageId ?? '';
    if (knobs.fate('smtp', messageId) === 'fail') throw reply(451, 'Try again later.');
    const from = mail.from?.address ?? envelope.from;
    await mailbox.take({
      messageId,
      from,
      to: envelope.to.join(', '),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
    });
    await pause(knobs.of('smtp').latencyMs, undefined, { ref: false });
  };

  /** A hanging server never answers, so `next` is not called at all. */
  const gate = (next: (error?: Error) => void) => {
    const { mode } = knobs.of('smtp');
    if (mode === 'up') next();
    if (mode === 'refuse') next(reply(421, 'Not available.'));
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    closeTimeout: 200,
    onConnect: (_session, next) => gate(next),
    onMailFrom: (_address, _session, next) => gate(next),
    onData: (stream, session, next) => {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      take(stream, envelope).then(
        () => gate(next),
        (error: Error) => next(error),
      );
    },
  });
  server.on('error', () => {}); // a client that hangs up is no reason to stop
  server.listen(port, host);
  await once(server.server, 'listening');
  const address = server.server.address() as { port: number };
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const reply = (responseCode: number, sentence: string) => Object.assign(new Error(sentence), { responseCode });

/** Reads to the end, as SMTP demands, but keeps no more than a mail may have. */
async function read(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= LARGEST_MAIL) parts.push(part);
  }
  return Buffer.concat(parts);
}
