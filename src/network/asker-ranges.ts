import { unknown } from '../model/index.js';
import type { Asker, Attempt } from './attempts.js';
import { forEverySource, intersectFlows, subtractFlows, uniteFlows } from './flow-set.js';
import { ALL_ADDRESSES } from './ip-set.js';
import { ALL_PORTS } from './port-set.js';

/** Of an asker whose one address lies somewhere in a range, as a function's whose interface was not collected, sure is what passes from all of that. */
export function whereverAsker({ faces }: Asker, attempts: readonly Attempt[]): readonly Attempt[] {
  const ranges = faces.flatMap(({ addresses }) => addresses.filter(({ isRange }) => isRange));
  if (ranges.length === 0) return attempts;
  return attempts.map((attempt) =>
    ranges.reduce<Attempt>((made, { ips, text }) => {
      const { outcome } = made;
      const here = intersectFlows(outcome.sure, [{ src: ips, dst: ALL_ADDRESSES, ports: ALL_PORTS }]);
      const asked = here.map((flow) => ({ ...flow, src: ips }));
      const lost = subtractFlows(here, forEverySource(here, asked));
      if (lost.length === 0) return made;
      const where = unknown('the address that is asked from', `it is somewhere in ${text}`);
      return {
        ...made,
        outcome: {
          ...outcome,
          sure: subtractFlows(outcome.sure, lost),
          maybe: uniteFlows(outcome.maybe, lost),
          conditions: [...outcome.conditions, where],
        },
      };
    }, attempt),
  );
}
