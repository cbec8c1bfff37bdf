import type { Authorizer, ContextValues, Grant, Retagging } from '../iam/index.js';
import { unknown } from '../model/index.js';
import type { Askers } from './askers.js';
import { asJoint, gainedOver } from './joint-grants.js';
import { type ChangedWorld, keyOfRequirements, type Requirement } from './requirement.js';
import { tagChoices, taggingOf, withoutTags } from './tagged-making.js';
import { onPart, wholeList } from './whole-lists.js';

/** Asks who has a permission, in a world and with the tags of resources changed; `owner` as of {@link Askers}. */
export type AskGrants = (
  requirement: Requirement,
  world: ChangedWorld | undefined,
  retagged: Retagging | undefined,
  owner: string | undefined,
) => readonly Grant[];

/**
 * Many techniques need the same call beside another: each distinct question is asked once.
 * @param isThere whether something is there already
 */
export function makeGrantAsker(iam: Authorizer, askers: Askers, isThere: (asset: string) => boolean): AskGrants {
  const asked = new Map<string, readonly Grant[]>();

  const once =
    (kind: string, make: AskGrants): AskGrants =>
    (requirement, world, retagged, owner) => {
      const key = `${kind} ${keyOfRequirements([requirement])} ${world?.name ?? ''} ${retagged ?? ''} ${askers.leavesOutAll(owner)}`;
      const known = asked.get(key);
      if (known) return known;
      const whole = wholeList(requirement.resources);
      const { resources } = requirement;
      const made =
        whole === resources
          ? make(requirement, world, retagged, owner)
          : onPart(once(kind, make)({ ...requirement, resources: whole }, world, retagged, owner), resources);
      asked.set(key, made);
      return made;
    };

  const askAnyhow = once(
    '',
    ({ action, resources, trusting, unguarded, accounts, context: said }, world, retagged, owner) => {
      const placed = world?.contextFor?.(action);
      const context = placed ? { ...said, ...placed } : said;
      const principals = askers.principals(accounts, world, owner);
      return (world?.iam ?? iam).grants({
        action,
        resources,
        ...(context && { context }),
        ...(trusting && { trusting }),
        ...(unguarded && { unguarded }),
        ...(principals && { principals }),
        ...(world?.elevated === true && { elevated: true }),
        ...(retagged && { retagged }),
      });
    },
  );

  /** What is made with tags takes the permission to tag it too. */
  const askTagged = once('tagged', (requirement, world, retagged, owner) => {
    const { action, resources, accounts } = requirement;
    const tagging = taggingOf(action);
    const without = tagging && withoutTags(world?.iam ?? iam);
    const any = askAnyhow(requirement, world, retagged, owner);
    if (!tagging || !without || any.length === 0) return any;
    const asking = (call: Requirement, said: ContextValues): Requirement => ({
      ...call,
      context: { ...call.context, ...said },
    });
    const plain = askAnyhow(asking(requirement, without), world, retagged, owner);
    const tag: Requirement = { ...tagging, resources, ...(accounts && { accounts }) };
    const { choices, other } = tagChoices(world?.iam ?? iam);
    const tagged = choices.flatMap((said) => {
      const held = askAnyhow(asking(tag, said), world, undefined, owner);
      const others = other === undefined ? held : doubted(held, askAnyhow(asking(tag, other), world, undefined, owner));
      const made = others.length === 0 ? [] : askAnyhow(asking(requirement, said), world, retagged, owner);
      return made.flatMap((one) => others.flatMap((other) => both(one, other)));
    });
    return [
      ...plain,
      ...gainedOver(
        tagged,
        plain.map((grant) => asJoint(grant, undefined)),
      ),
    ];
  });

  return (requirement, world, retagged, owner) =>
    // What something is made of has no tags set by that.
    taggingOf(requirement.action) && !isThere(requirement.resources[0] ?? '')
      ? askTagged(requirement, world, retagged, owner)
      : askAnyhow(requirement, world, retagged, owner);
}

/** What two permissions that one call takes give together. */
function both(one: Grant, other: Grant): readonly Grant[] {
  const principals = common(one.principals, other.principals);
  const resources = common(one.resources, other.resources);
  if (principals.length === 0 || resources.length === 0) return [];
  const verdicts = [one.verdict, other.verdict];
  return [
    {
      principals,
      resources,
      verdict: verdicts.find((verdict) => verdict === 'unknown') ?? verdicts.find((v) => v === 'depends') ?? 'allowed',
      conditions: [...one.conditions, ...other.conditions],
      decidedBy: (principal) => [...one.decidedBy(principal), ...other.decidedBy(principal)],
      basis: `${one.basis}\n\n${other.basis}`,
      isByOthers: one.isByOthers && other.isByOthers,
    },
  ];
}

/** The list itself where the other holds all of it. */
function common(list: readonly string[], other: readonly string[]): readonly string[] {
  if (list === other) return list;
  const held = new Set(other);
  const shared = list.filter((member) => held.has(member));
  return shared.length === list.length ? list : shared;
}

/** Permissions to tag with what is left to the caller: certain where they are for tags that no policy names too. */
function doubted(any: readonly Grant[], free: readonly Grant[]): readonly Grant[] {
  const limited = gainedOver(
    any,
    free.map((grant) => asJoint(grant, undefined)),
  );
  const why = unknown('aws:RequestTag', 'policies ask for more tags than were tried together');
  return [
    ...free,
    ...limited.map((grant): Grant => ({ ...grant, verdict: 'depends', conditions: [...grant.conditions, why] })),
  ];
}
