import { groupBy } from '../../model/index.js';
import type { Policy } from '../policy/document.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { SubjectGroup } from './subject-groups.js';

/** Groups of principals by whether their policies speak of a service at all. */
export interface GroupsOfService {
  /** Those that have a boundary, or of which some policy has a statement on the service or on services in general, or cannot be read. */
  readonly spoken: readonly SubjectGroup[];
  /** All others, those alike together: their policies say nothing of any action of the service. */
  readonly silent: readonly SubjectGroup[];
}

const known = new WeakMap<readonly SubjectGroup[], Map<string, GroupsOfService>>();

/** Worked out once a service: most policies speak of few. */
export function groupsOfService(groups: readonly SubjectGroup[], service: string): GroupsOfService {
  const memo = known.get(groups) ?? new Map<string, GroupsOfService>();
  known.set(groups, memo);
  const before = memo.get(service);
  if (before) return before;
  const speaks = ({ document: { problem, byService, anyService } }: Policy): boolean =>
    problem !== undefined || anyService.length > 0 || byService.has(service);
  const bySpeech = groupBy(groups, ([first]) => first.boundary !== undefined || first.policies.some(speaks));
  const silent = groupBy(bySpeech.get(false) ?? [], ([first]) => kindKey(first));
  const made = {
    spoken: bySpeech.get(true) ?? [],
    silent: [...silent.values()].map((alike) => alike.flat() as [Subject, ...Subject[]]),
  };
  memo.set(service, made);
  return made;
}

const kinds = new WeakMap<Subject, string>();

/** Equal for principals that are alike but for what their policies say. */
export function kindKey(subject: Subject): string {
  const before = kinds.get(subject);
  if (before !== undefined) return before;
  const { record, identity } = subject;
  const made = [
    identity.kind,
    'account' in identity ? identity.account : subject.id,
    record?.isServiceLinked ? 1 : 0,
    subject.isForServicesOnly ? 1 : 0,
    subject.missing.join(),
    subject.isUnheardOf ? subject.id : '',
  ].join('|');
  kinds.set(subject, made);
  return made;
}
