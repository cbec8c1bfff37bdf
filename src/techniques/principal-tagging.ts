import { eventOf } from './cloudtrail.js';
import { lookAtHolders, type Ordinary } from './chosen-together.js';
import { ASSUMPTIONS, type Call, HOLDS, ROW } from './gain-calls.js';
import { isServiceLinked } from './policy-rewrite.js';
import type { TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, type World } from './world.js';
import { sortedUnique } from '../model/index.js';

export const TAG_PRINCIPAL: TechniqueInfo = {
  ...ROW,
  id: 'tag-principal',
  title: 'Give a principal a tag that policies ask for',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction_attribute-based-access-control.html',
  ],
  premises: [
    'A principal may call iam:TagUser or iam:TagRole, with that tag and value.',
    'A policy allows something to principals with the tag (aws:PrincipalTag), or keeps it from those that have another.',
    HOLDS,
  ],
  assumptions: ASSUMPTIONS,
  detection: [eventOf('iam:TagUser'), eventOf('iam:TagRole')],
  remediation: 'Deny the tags that policies decide by (aws:TagKeys) in iam:TagUser and iam:TagRole.',
};

export const UNTAG_PRINCIPAL: TechniqueInfo = {
  ...ROW,
  id: 'untag-principal',
  title: 'Take away a tag of a principal that keeps it from something',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html',
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html',
  ],
  premises: [
    'A principal may call iam:UntagUser or iam:UntagRole, with that tag.',
    'A policy denies something to principals with the tag (aws:PrincipalTag), or allows it to those without.',
    HOLDS,
  ],
  assumptions: ASSUMPTIONS,
  detection: [eventOf('iam:UntagUser'), eventOf('iam:UntagRole')],
  remediation: 'Deny iam:UntagUser and iam:UntagRole of the tags that policies decide by (aws:TagKeys).',
};

const TAGGED = [
  ['iam:user', 'iam:TagUser', 'iam:UntagUser'],
  ['iam:role', 'iam:TagRole', 'iam:UntagRole'],
] as const;

/** Asked only where some policy looks at the tags of principals: each tag and value makes one world, in which everything is asked again of those who may have it. */
export function taggings(world: World, ordinary: Ordinary): readonly Call[] {
  const tags = world.iam.tagsAskedOf('principal');
  const look = lookAtHolders(ordinary);
  return TAGGED.flatMap(([type, action]) =>
    groupsOf(world, type).flatMap(({ ids }) =>
      tags.flatMap(({ name, value, isOpen }) => {
        const key = `aws:RequestTag/${name}`;
        const context = { ...(value !== undefined && { [key]: value }), 'aws:TagKeys': [name] };
        const facts = world.permissions.may({ action, resources: ids, context });
        // Of values that are not tried one by one, all may be set where no policy looks at which is set.
        const open = world.iam.looksAt([key]) ? 'unknown' : 'chosen';
        const change = isOpen
          ? { openTags: new Map([[name, open] as const]) }
          : { tags: new Map([[name, value ?? '']]) };
        const set = isOpen ? `${name} (such as ${value ?? 'one that is asked for'})` : `${name}=${value}`;
        return facts.parts.flatMap(({ fact: may, resources }): readonly Call[] => {
          const tagged = resources.filter(
            (id) => !isServiceLinked(id) && look(facts.holders(id)).ordinary().length > 0,
          );
          const [on] = tagged;
          if (on === undefined) return [];
          const others = tagged.length > 1 ? ` or another of ${tagged.length} principals` : '';
          return [
            {
              info: TAG_PRINCIPAL,
              action,
              on,
              body: [may],
              does: `Set the tag ${name} of ${nameOf(world, on)}${others} to ${isOpen ? 'a value that serves' : value}`,
              gainers: tagged,
              change,
              brings: [set],
              world: `tagged ${set}`,
            },
          ];
        });
      }),
    ),
  );
}

/** Each tag that policies look at makes one world, in which those who have it and may be without it have it no longer. */
export function untaggings(world: World, ordinary: Ordinary): readonly Call[] {
  const names = sortedUnique(world.iam.tagsAskedOf('principal').map(({ name }) => name));
  const look = lookAtHolders(ordinary);
  return TAGGED.flatMap(([type, , action]) =>
    groupsOf(world, type).flatMap(({ ids }) =>
      names.flatMap((name) => {
        if (!ids.some((id) => hasTag(world, id, name))) return [];
        const facts = world.permissions.may({ action, resources: ids, context: { 'aws:TagKeys': [name] } });
        return facts.parts.flatMap(({ fact: may, resources }): readonly Call[] => {
          const untagged = resources.filter(
            (id) => hasTag(world, id, name) && !isServiceLinked(id) && look(facts.holders(id)).ordinary().length > 0,
          );
          const [on] = untagged;
          if (on === undefined) return [];
          const others = untagged.length > 1 ? ` or another of ${untagged.length} principals` : '';
          return [
            {
              info: UNTAG_PRINCIPAL,
              action,
              on,
              body: [may],
              does: `Take the tag ${name} of ${nameOf(world, on)}${others} away`,
              gainers: untagged,
              change: { untagged: [name] },
              brings: [`no ${name}`],
              fact: `has the tag ${name}`,
              world: `untagged ${name}`,
            },
          ];
        });
      }),
    ),
  );
}

const hasTag = (world: World, principal: string, name: string): boolean =>
  [...(world.graph.asset(principal)?.tags.keys() ?? [])].some((tag) => tag.toLowerCase() === name.toLowerCase());
