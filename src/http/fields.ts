import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { FieldError } from './http.errors.js';

const LONGEST_NAME = 100;
/** No request of the shop is nested deeper than 4; half a million brackets fit into 1 MiB. */
const DEEPEST = 32;

/** A path as people write it, fit for an answer whatever a client has put into its property names. */
function fieldName(path: readonly PropertyKey[], whole: string): string {
  const name = path.map(String).join('.').toWellFormed().replaceAll('\0', '\\u0000');
  return name === '' ? whole : name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

/** One error for each issue; a property that nobody asked for is named itself, and not the object around it. */
export function fieldErrors(issues: readonly StandardSchemaV1.Issue[], whole: string): FieldError[] {
  return issues.flatMap((issue) => {
    const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
    const { code, keys } = issue as { code?: string; keys?: string[] };
    if (code === 'unrecognized_keys' && keys)
      return keys.map((key) => ({ field: fieldName([...path, key], whole), message: 'is not known here' }));
    return [{ field: fieldName(path, whole), message: issue.message }];
  });
}

/**
 * What no schema allows: text that PostgreSQL cannot keep (NUL, half a surrogate pair), numbers that JSON reads
 * as something else than was written (1e400 as Infinity, -0), and names that reach into JavaScript's prototypes.
 */
export function unreadable(value: unknown, whole: string): FieldError[] {
  const errors: FieldError[] = [];
  const open: { path: PropertyKey[]; value: unknown }[] = [{ path: [], value }];
  for (let next = open.pop(); next && errors.length < 100; next = open.pop()) {
    const { path, value } = next;
    const message = faultOf(value);
    if (message) errors.push({ field: fieldName(path, whole), message });
    if (typeof value !== 'object' || value === null) continue;
    if (path.length > DEEPEST) return [{ field: fieldName(path.slice(0, 4), whole), message: 'is nested too deeply' }];
    for (const [name, child] of Object.entries(value).reverse()) {
      const fault = faultOf(name) ?? (name === '__proto__' ? 'is not a name that can be used' : undefined);
      if (fault) errors.push({ field: fieldName([...path, name], whole), message: `the name ${fault}` });
      else open.push({ path: [...path, name], value: child });
    }
  }
  return errors;
}

function faultOf(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is a number too large to be read';
  if (Object.is(value, -0)) return 'must not be minus zero';
  if (typeof value !== 'string') return undefined;
  if (value.includes('\0')) return 'must not contain the character NUL';
  if (!value.isWellFormed()) return 'must not contain half of a surrogate pair';
  return undefined;
}
