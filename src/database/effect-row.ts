import type { EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import type { Tx } from '../messaging/index.js';

type Values<E> = QueryDeepPartialEntity<E>;

/** Inserts a row that may be there already; `undefined` when it is, and then nothing is to be announced. */
export async function insertOnce<R, E extends ObjectLiteral = ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<E>,
  values: Values<E>,
  returning: string,
): Promise<R | undefined> {
  const result = await tx
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(values)
    .orIgnore()
    .returning(returning)
    .execute();
  return (result.raw as R[])[0];
}

/** Changes the one row that meets the condition; `undefined` when none does, because somebody else was first. */
export async function changeOne<R, E extends ObjectLiteral = ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<E>,
  values: Values<E>,
  [condition, parameters]: [string, ObjectLiteral],
  returning: string,
): Promise<R | undefined> {
  const result = await tx
    .createQueryBuilder()
    .update(entity)
    .set(values)
    .where(condition, parameters)
    .returning(returning)
    .execute();
  return (result.raw as R[])[0];
}
