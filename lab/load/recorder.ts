import type { HistoryWriter } from '../model/history-file.js';
import type { BlockLine, HistoryLine, Invoke, Outcome } from '../model/history.js';
import { nowMs } from './clock.js';
import { NoAnswer, type Reply } from './shop-client.js';

/** What is asked, before it is asked. */
export type Asked = Pick<Invoke, 'f' | 'key' | 'idem' | 'total'> & { intendedMs?: number };

/** Counts over the whole run. */
export class Sequence {
  private last = 0;
  next(): number {
    return ++this.last;
  }
}

/** Writes what a block asks, hears and does to its shop into the history of the run, each before the next. */
export class Recorder {
  /** Of this block, also while it runs. */
  readonly lines: HistoryLine[] = [];

  constructor(
    readonly block: string,
    private readonly history: HistoryWriter,
    private readonly sequence: Sequence,
  ) {}

  mark(type: BlockLine['type']): number {
    const atMs = nowMs();
    this.write({ block: this.block, f: 'block', type, atMs });
    return atMs;
  }

  fault(name: string, type: 'start' | 'stop', evidence?: string): void {
    this.write({ block: this.block, f: 'fault', name, type, atMs: nowMs(), evidence });
  }

  /** Asks, and keeps what was heard; undefined when nobody knows what has become of it. */
  async ask(
    asked: Asked,
    send: () => Promise<Reply>,
    valueOf: (reply: Reply) => string | undefined,
  ): Promise<Reply | undefined> {
    const sentMs = nowMs();
    const request = { block: this.block, seq: this.sequence.next(), f: asked.f, key: asked.key };
    const { idem, total, intendedMs = sentMs } = asked;
    const invoke: Invoke = { ...request, type: 'invoke', idem, intendedMs, sentMs, total };
    this.write(invoke);
    let outcome: Outcome;
    let reply: Reply | undefined;
    try {
      reply = await send();
      const type = reply.status < 300 ? 'ok' : reply.status < 500 ? 'fail' : 'info';
      const code = reply.status < 300 ? undefined : codeOf(reply);
      outcome = {
        ...request,
        type,
        doneMs: nowMs(),
        http: reply.status,
        code,
        value: type === 'ok' ? valueOf(reply) : undefined,
      };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      outcome = { ...request, type: 'info', doneMs: nowMs(), code: error.code };
    }
    this.write(outcome);
    return reply;
  }

  /** When the block began; 0 before. */
  get beganMs(): number {
    const [first] = this.lines;
    return first?.f === 'block' ? first.atMs : 0;
  }

  get invokes(): Invoke[] {
    return this.lines.flatMap((line) => (line.type === 'invoke' ? line : []));
  }

  get outcomes(): Outcome[] {
    return this.lines.flatMap((line) =>
      line.type === 'ok' || line.type === 'fail' || line.type === 'info' ? line : [],
    );
  }

  private write(line: HistoryLine): void {
    this.history.append(line);
    this.lines.push(line);
  }
}

const codeOf = ({ status, body: { code } }: Reply): string => (typeof code === 'string' ? code : String(status));
