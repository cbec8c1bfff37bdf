import type { Policy } from '../policy/document.js';
import type { Subject, Subjects } from '../principals/resolve-subject.js';
import { numbering } from './relevant.js';

/** Principals of one account and kind with the same policies and boundary: they differ in their names and tags alone. */
export type SubjectGroup = readonly [Subject, ...Subject[]];

export function groupSubjects(subjects: Subjects, ids: readonly string[]): readonly SubjectGroup[] {
  const numberOf = numbering();
  const named = (policy: Policy) => (policy.document.problem === undefined ? numberOf(policy.document) : policy.label);
  const groups = new Map<string, [Subject, ...Subject[]]>();
  for (const id of ids) {
    const subject = subjects.resolve(id);
    if (!subject) continue;
    const { identity, record, boundary, policies } = subject;
    const key = [
      identity.kind,
      'account' in identity ? identity.account : subject.id,
      record?.isServiceLinked ? 1 : 0,
      subject.isForServicesOnly ? 1 : 0,
      subject.missing.join(),
      record ? '' : subject.id,
      policies.map(named).join(),
      boundary ? named(boundary) : '',
    ].join('|');
    const group = groups.get(key);
    if (group) group.push(subject);
    else groups.set(key, [subject]);
  }
  return [...groups.values()];
}
