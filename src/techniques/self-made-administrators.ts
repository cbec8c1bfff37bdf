import { administratorAccess } from './attachable-policies.js';
import { certainHolders } from './certain-holders.js';
import { isServiceLinked } from './policy-rewrite.js';
import { groupsOf, type World } from './world.js';

/** Calls by which a principal gives itself what it likes. */
const GIVING = [
  ['iam:user', 'iam:PutUserPolicy'],
  ['iam:user', 'iam:AttachUserPolicy'],
  ['iam:role', 'iam:PutRolePolicy'],
  ['iam:role', 'iam:AttachRolePolicy'],
] as const;

/** Principals that may, on no condition, write or attach themselves a policy by which they administer their account. */
export function selfMadeAdministrators(world: World): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [type, action] of GIVING)
    for (const { ids, partition } of groupsOf(world, type)) {
      const context = action.startsWith('iam:Attach') && { 'iam:PolicyARN': administratorAccess(partition) };
      const facts = world.permissions.may({ action, resources: ids, ...(context && { context }) });
      for (const id of facts.resources)
        if (
          !found.has(id) &&
          !isServiceLinked(id) &&
          certainHolders(facts.holders(id)).has(id) &&
          isLeftEverything(world, id)
        )
          found.add(id);
    }
  return found;
}

const isLeftEverything = (world: World, id: string): boolean =>
  world.iam.isAdministrator(id, { elevated: true }).verdict === 'allowed';
