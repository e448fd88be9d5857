import type { Finding } from './finding.js';
import { groupBy } from './groups.js';
import type { Observations, TopicRecord } from './observations.js';

/**
 * For each key of each topic: the sequence begins at 1 and rises by one to what the aggregate has counted. A record that
 * stands there once more is counted and allowed; one in another partition, or behind a later one of its key, is not.
 */
export function judgeTopics({ records: all, aggregates, poisoned }: Observations): {
  findings: Finding[];
  repeated: number;
} {
  const findings: Finding[] = [];
  let repeated = 0;
  const counted = new Map(aggregates.map(({ topic, id, sequence }) => [`${topic} ${id}`, sequence]));
  const placeOf = ({ topic, subject }: TopicRecord) => `${topic} ${subject}`;
  // What was put there to be unreadable belongs to nothing.
  const records = all.filter((record) => counted.has(placeOf(record)) || !poisoned.includes(record.eventId));
  const bySubject = groupBy(records, placeOf);
  for (const [place, group] of bySubject) {
    const firsts = firstAppearances(group);
    repeated += group.length - firsts.length;
    findings.push(...order(place, firsts));
  }
  for (const { topic, id, sequence } of aggregates) {
    const there = new Set((bySubject.get(`${topic} ${id}`) ?? []).map((record) => record.sequence));
    for (let number = 1; number <= sequence; number++)
      if (!there.has(number))
        findings.push({ column: 'lost', subject: id, what: `Event ${number} of ${sequence} is not in ${topic}.` });
  }
  const judged = new Set(aggregates.map(({ topic }) => topic));
  for (const [place, group] of bySubject)
    for (const { topic, sequence, subject, name } of firstAppearances(group))
      if (judged.has(topic) && sequence > (counted.get(place) ?? 0))
        findings.push({ column: 'ghost', subject, what: `The topic has ${name} (${sequence}), which nobody counted.` });
  return { findings, repeated };
}

/** By event id, in the order of the partition. */
function firstAppearances(group: readonly TopicRecord[]): TopicRecord[] {
  const seen = new Set<string>();
  return [...group]
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    .filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
}

function order(place: string, firsts: readonly TopicRecord[]): Finding[] {
  const findings: Finding[] = [];
  const say = (record: TopicRecord, what: string) =>
    findings.push({
      column: 'outOfOrder',
      subject: record.subject,
      what: `${record.name} (${record.sequence}) ${what}`,
    });
  let highest = 0;
  for (const record of firsts) {
    if (record.key !== record.subject) say(record, `carries another key in ${place}.`);
    else if (record.partition !== firsts[0]!.partition) say(record, `is in another partition of ${place}.`);
    else if (record.sequence <= highest) say(record, `comes behind ${highest} in ${place}.`);
    highest = Math.max(highest, record.sequence);
  }
  return findings;
}
