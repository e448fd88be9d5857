import type { Finding } from './finding.js';
import { groupBy, tally } from './groups.js';
import type { Observations } from './observations.js';

/** Each user who was told so is kept, known to those who write and to those who count, and was greeted. */
export function judgeUsers({ users, kept, ledger }: Observations): Finding[] {
  const findings: Finding[] = [];
  const say = (column: Finding['column'], subject: string, what: string) => findings.push({ column, subject, what });
  const existing = new Set(kept.users);
  for (const { id, told } of users)
    if (told === 'acknowledged' && !existing.has(id)) say('lost', id, 'The user was acknowledged and is not kept.');
  const contacts = tally(kept.contacts);
  const registrations = tally(kept.registrations);
  const greetings = groupBy(
    ledger.filter(({ kind, key }) => kind === 'mail' && key.startsWith('welcome.')),
    ({ key }) => key.slice('welcome.'.length),
  );
  for (const id of kept.users) {
    if (!contacts.has(id)) say('lost', id, 'The user is not known to those who write.');
    if (!registrations.has(id)) say('lost', id, 'The registration was not counted.');
    if ((registrations.get(id) ?? 0) > 1) say('twice', id, 'The registration was counted more than once.');
    if (!greetings.has(id)) say('lost', id, 'The user was not greeted.');
  }
  for (const id of new Set([...contacts.keys(), ...registrations.keys(), ...greetings.keys()]))
    if (!existing.has(id)) say('ghost', id, 'Somebody has heard of a user who is not kept.');
  return findings;
}
