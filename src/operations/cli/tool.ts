import { Command, CommanderError } from 'commander';
import { InvalidSettings, readConfig, type CommMode, type Config } from '../../config.js';
import { openForTool } from '../../database/databases.js';
import { Failure } from '../../messaging/index.js';
import type { DataSource } from 'typeorm';

/** What a person has asked for cannot be done; the message names the fix. */
export class ToolRefused extends Failure {
  readonly code = 'tool_refused';
  readonly retryable = false;
}

type Environment = Record<string, string | undefined>;

/** What a tool never speaks to may be missing from its environment. */
const UNUSED = { SMTP_URL: 'smtp://unused', PAYMENT_URL: 'http://unused', CARRIER_URL: 'http://unused' };

/** The settings of the shop as a tool needs them: all roles, nothing in memory, nothing said. */
export function toolConfig(env: Environment, mode: CommMode): Config {
  const { ROLES: _roles, SUBSCRIBERS: _subscribers, FAILPOINTS: _failpoints, ...rest } = env;
  return readConfig({ ...UNUSED, ...rest, COMM_MODE: mode, CACHE: 'off', REDIS_URL: '', LOG_LEVEL: 'silent' });
}

/** Opens the database of the shop and says which mode drives it: undefined when none does at this moment. */
export async function withDatabase<T>(
  env: Environment,
  work: (db: DataSource, drivenBy: CommMode | undefined) => Promise<T>,
): Promise<T> {
  const db = await openForTool(toolConfig(env, 'sync'));
  try {
    const rows: { mode: CommMode }[] = await db.query(`SELECT mode FROM driven_by`);
    return await work(db, rows[0]?.mode);
  } finally {
    await db.destroy();
  }
}

/** A command whose errors are one sentence each. */
export function toolCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .exitOverride()
    .configureOutput({
      // run() says it, as a sentence that names the fix.
      outputError: () => undefined,
    });
}

/** Runs the command on the words of this process; an error becomes one sentence, and the exit code 1. */
export async function run(command: Command): Promise<void> {
  // Whoever reads only the first lines (`| head`) closes the pipe.
  process.stdout.on('error', () => process.exit());
  try {
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    process.exitCode = 1;
    console.error(sentenceOf(error, command));
  }
}

function sentenceOf(error: unknown, command: Command): unknown {
  if (error instanceof CommanderError) {
    const said = error.message.replace(/^error: /, '').replace(/\.$/, '');
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}: see ${command.name()} --help.`;
  }
  return error instanceof Failure || error instanceof InvalidSettings ? error.message : error;
}
