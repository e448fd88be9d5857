import { createHash } from 'node:crypto';
import { v7, validate } from 'uuid';

export { v7, validate };

/** A UUIDv8 (RFC 9562) derived from a name: the same name gives the same id, on any machine. */
export function v8(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
