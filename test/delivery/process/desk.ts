import pg from 'pg';
import { prepareEnvironment } from '../../support/shop.js';
import { SHORT_LIMITS } from '../bench.js';
import { slip, type SlippedRow } from '../notes/row.js';
import { CREATE_NOTES } from '../notes/reader.js';
import { Child } from './child.js';

/** A database, topics, and the processes that a test runs on them; the test itself runs none of the shop. */
export class Desk {
  private readonly children: Child[] = [];

  private constructor(
    readonly env: Record<string, string>,
    private readonly client: pg.Client,
    private readonly dispose: () => Promise<void>,
  ) {}

  static async open(): Promise<Desk> {
    const own = { ...SHORT_LIMITS, CACHE: 'off', SUBSCRIBERS: 'notes' };
    const { env, dispose } = await prepareEnvironment('async', own);
    const client = new pg.Client(env.DATABASE_URL);
    await client.connect();
    await client.query(CREATE_NOTES);
    return new Desk(env, client, dispose);
  }

  async start(env: Record<string, string> = {}): Promise<Child> {
    const child = await Child.started({ ...this.env, ...env });
    this.children.push(child);
    return child;
  }

  /** Starts a process that may end at any moment. */
  launch(env: Record<string, string> = {}): Child {
    const child = Child.start({ ...this.env, ...env });
    this.children.push(child);
    return child;
  }

  async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(sql, values)).rows as T[];
  }

  /** Announces notes, all in one transaction. */
  async write(...rows: SlippedRow[]): Promise<void> {
    await this.client.query('BEGIN');
    for (const row of rows) await slip((sql, values) => this.client.query(sql, values), row);
    await this.client.query('COMMIT');
  }

  /** The sequences that were read of each note, in the order of the commits. */
  async read(): Promise<Map<string, number[]>> {
    const rows = await this.rows<{ noteId: string; sequences: number[] }>(
      `SELECT note_id AS "noteId", array_agg(sequence ORDER BY id) AS sequences FROM reading GROUP BY note_id`,
    );
    return new Map(rows.map(({ noteId, sequences }) => [noteId, sequences]));
  }

  async readings(): Promise<number> {
    return (await this.rows(`SELECT 1 FROM reading`)).length;
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.end()));
    await this.client.end();
    await this.dispose();
  }
}
