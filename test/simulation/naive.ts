/** What an application does that has not read the rules of delivery; each must be caught. */
export const NAIVE = {
  'has no inbox': 'twice',
  'deletes a row before it is published': 'lost',
  'goes on to other records after a failed send': 'lost',
  'acknowledges a record before it is handled': 'lost',
  'passes over a delivery that fails': 'lost',
  'lets later events of a key overtake one that failed': 'lost',
  'lets chance choose the partition': 'outOfOrder',
  'shares the outbox among several relays': 'outOfOrder',
  'marks a delivery outside of its effect': 'lost',
} as const;

export type Naivety = keyof typeof NAIVE;
