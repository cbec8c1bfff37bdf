import type { JsonObject } from '../model/index.js';
import type { Answer, Snapshot } from './snapshot.js';

/** The snapshot with other bodies in place of some answers, by their `source`. What was not answered stays so. */
export function replaceAnswers(snapshot: Snapshot, bodies: ReadonlyMap<string, JsonObject>): Snapshot {
  const replace = (answer: Answer): Answer => {
    const body = bodies.get(answer.source);
    return body === undefined ? answer : { ...answer, body };
  };
  return {
    accounts: snapshot.accounts,
    gaps: snapshot.gaps,
    ...(snapshot.collectedAt !== undefined && { collectedAt: snapshot.collectedAt }),
    answers: (service, operation) => snapshot.answers(service, operation).map(replace),
    answer: (...place) => {
      const found = snapshot.answer(...place);
      return found && replace(found);
    },
    coverage: (...place) => snapshot.coverage(...place),
  };
}
