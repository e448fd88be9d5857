/** `outOfOrder`: of one key. `ghost`: something that happened for an order that does not exist. */
export const COLUMNS = ['lost', 'twice', 'outOfOrder', 'ghost', 'parked'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Finding {
  column: Column;
  /** The order, user or record that it is about. */
  subject: string;
  /** One sentence. */
  what: string;
}
