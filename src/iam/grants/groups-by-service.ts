import { groupBy, onceFor, onceForBoth } from '../../model/index.js';
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

/** Worked out once a service: most policies speak of few. */
export const groupsOfService = onceForBoth((groups: readonly SubjectGroup[], service: string): GroupsOfService => {
  const speaks = ({ document: { problem, byService, anyService } }: Policy): boolean =>
    problem !== undefined || anyService.length > 0 || byService.has(service);
  const bySpeech = groupBy(groups, ([first]) => first.boundary !== undefined || first.policies.some(speaks));
  const silent = groupBy(bySpeech.get(false) ?? [], ([first]) => kindKey(first));
  return {
    spoken: bySpeech.get(true) ?? [],
    silent: [...silent.values()].map((alike) => alike.flat() as [Subject, ...Subject[]]),
  };
});

/** Equal for principals that are alike but for what their policies say. */
export const kindKey = onceFor((subject: Subject): string => {
  const { record, identity } = subject;
  return [
    identity.kind,
    'account' in identity ? identity.account : subject.id,
    record?.isServiceLinked ? 1 : 0,
    subject.isForServicesOnly ? 1 : 0,
    subject.missing.join(),
    subject.isUnheardOf ? subject.id : '',
  ].join('|');
});
