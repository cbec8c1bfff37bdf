import type { Answers, Mutable } from './cloud.js';

/**
 * Removes elements of the answers one by one for as long as `stillFails` holds, so that a counterexample can be read.
 * Parts are tried large first: records, then their routes, rules and addresses.
 */
export function shrinkAnswers(answers: Answers, stillFails: (smaller: Answers) => boolean): Answers {
  const current = structuredClone(answers);
  for (let changed = true; changed; ) {
    changed = false;
    for (const body of current.values()) if (shrinkInside(body, () => stillFails(current))) changed = true;
  }
  return current;
}

function shrinkInside(value: Mutable | Mutable[], fails: () => boolean): boolean {
  let changed = false;
  if (Array.isArray(value)) {
    for (let i = value.length - 1; i >= 0; i--) {
      if (isGiven(value[i] as Mutable)) continue;
      const [removed] = value.splice(i, 1);
      if (fails()) changed = true;
      else value.splice(i, 0, removed as Mutable);
    }
  }
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && shrinkInside(part as Mutable | Mutable[], fails)) changed = true;
  }
  return changed;
}

/** No route table is without its local routes. */
const isGiven = (part: Mutable): boolean => part['GatewayId'] === 'local';

/** Without the operations that answered with nothing. */
export function printAnswers(answers: Answers): string {
  const rows = [...answers].filter(([, body]) => JSON.stringify(body).length > 40);
  return rows.map(([key, body]) => `${key}: ${JSON.stringify(body)}`).join('\n');
}
