import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as Pino } from 'pino';

/** What Nest says of every route and module at start: for whoever asks for debug. */
const CHATTY = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's log lines as JSON through pino. The last parameter of a Nest log call is its context. */
export class PinoLogger implements LoggerService {
  private readonly pino: Pino;

  constructor(level: string) {
    this.pino = pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
  }

  log = (message: unknown, ...rest: unknown[]) => this.write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    if (level === 'info' && CHATTY.has(String(context))) level = 'debug';
    const details = rest.slice(0, -1).find((value) => typeof value === 'string');
    this.pino[level](
      { context, ...(details ? { details } : {}) },
      message instanceof Error ? message.message : String(message),
    );
  }
}
