import type { PolicyChange } from '../iam/index.js';
import { groupBy, sortedUnique } from '../model/index.js';
import { emitAdministratorOf } from './account-administrator.js';
import { fact } from './fact.js';
import type { ChangedWorld } from './permissions.js';
import { freedOf } from './restraint-removal.js';
import type { Restraint } from './restraints.js';
import type { Emit } from './technique.js';
import type { World } from './world.js';

/** A principal with some of its restraints taken away, and perhaps its policies rewritten. */
interface Variant {
  readonly principal: string;
  readonly name: string;
  readonly removal: PolicyChange;
  readonly needs: readonly string[];
  readonly elevated: boolean;
}

/**
 * The policy worlds that taking restraints away makes: without a principal's boundary, without its denying policies (each, and all that can be
 * removed), and without both; each also with its policies rewritten, where they can be. Whoever administers the account in such a world is
 * said to; the others are asked about again.
 *
 * @param done variants that were made before, which are left out and added to
 */
export function makeChangedWorlds(
  world: World,
  emit: Emit,
  restraints: readonly Restraint[],
  removable: readonly Restraint[],
  elevated: ReadonlySet<string>,
  done: Set<string>,
): readonly ChangedWorld[] {
  const plain = groupBy(removalsOf(restraints, removable), ({ principal }) => principal);
  const variants = [...plain].flatMap(([principal, own]) =>
    elevated.has(principal) ? [...own, ...own.map(asElevated)] : own,
  );
  const fresh = variants.filter((variant) => {
    const key = JSON.stringify([variant.principal, variant.removal, variant.elevated]);
    const isNew = !done.has(key);
    done.add(key);
    return isNew;
  });
  const round = done.size;
  return [...groupBy(fresh, (v) => v.name)].flatMap(([name, same]) => {
    const made = makeWorld(world, `${name} ${round}`, same);
    const how = made.elevated === true ? 'With its policies rewritten and no longer held back' : 'No longer held back';
    const capped = emitChangedAdministrators(world, emit, made, how);
    return capped.length === 0 ? [] : [{ ...made, principals: capped }];
  });
}

/** The sets of restraints of each principal that are worth taking away and can be. */
export function removalsOf(restraints: readonly Restraint[], removable: readonly Restraint[]): readonly Variant[] {
  const all = groupBy(restraints, (r) => r.principal);
  return [...groupBy(removable, (r) => r.principal)].flatMap(([principal, removed]) =>
    variantsOf(principal, all.get(principal) ?? [], removed),
  );
}

/** The sets of restraints worth taking away: those that make a policy cease to apply. */
function variantsOf(
  principal: string,
  restraints: readonly Restraint[],
  removable: readonly Restraint[],
): readonly Variant[] {
  const can = new Set(removable);
  const boundary = removable.find((r) => r.kind === 'boundary');
  // A policy that reaches a user in two ways stays in force until both are gone.
  const denying = [
    ...groupBy(
      restraints.filter((r) => r.kind !== 'boundary'),
      (r) => r.policy,
    ).values(),
  ].filter((ways) => ways.every((way) => can.has(way)));
  const make = (name: string, withBoundary: boolean, policies: readonly (readonly Restraint[])[]): Variant => ({
    principal,
    name,
    elevated: false,
    removal: { ...(withBoundary && { boundary: true }), policies: policies.flatMap(([way]) => way?.policy ?? []) },
    needs: [...(withBoundary && boundary ? [boundary] : []), ...policies.flat()].map(freedOf),
  });
  const variants: Variant[] = [];
  if (boundary) variants.push(make('unbounded', true, []));
  if (denying.length > 0) variants.push(make('undenied', false, denying));
  if (denying.length > 1)
    for (const [index, one] of denying.entries()) variants.push(make(`undenied-${index}`, false, [one]));
  if (boundary && denying.length > 0) variants.push(make('free', true, denying));
  return variants;
}

const asElevated = (variant: Variant): Variant => ({
  ...variant,
  name: `elevated ${variant.name}`,
  elevated: true,
  needs: [...variant.needs, fact('elevated', variant.principal)],
});

function makeWorld(world: World, name: string, variants: readonly Variant[]): ChangedWorld {
  const needs = new Map(variants.map((v) => [v.principal, v.needs]));
  return {
    name,
    iam: world.iam.changed(new Map(variants.map((v) => [v.principal, v.removal]))),
    ...(variants[0]?.elevated === true && { elevated: true }),
    principals: sortedUnique(needs.keys()),
    needs: (principal) => needs.get(principal) ?? [],
  };
}

/**
 * Administrators of their account in a changed world; `how` begins the sentence.
 * @returns those that are none for certain, and were none before
 */
export function emitChangedAdministrators(
  world: World,
  emit: Emit,
  { iam, elevated = false, principals, needs }: ChangedWorld,
  how: string,
): readonly string[] {
  const capped: string[] = [];
  for (const principal of principals) {
    if (world.iam.isAdministrator(principal, { elevated }).verdict === 'allowed') continue;
    const answer = iam.isAdministrator(principal, { elevated });
    if (answer.verdict !== 'allowed') capped.push(principal);
    emitAdministratorOf(world, emit, principal, needs(principal), answer, how);
  }
  return capped;
}
