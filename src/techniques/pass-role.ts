import { type Condition, groupBy, groupKeyed, sortedUnique, unknown } from '../model/index.js';
import { byConditions, permittedTogether } from './alike.js';
import { callRequirements, isOnNothing } from './call-resources.js';
import { eventOf } from './cloudtrail.js';
import { EACH, fact } from './fact.js';
import { PASS_ROLE_INTEGRATIONS } from './pass-role-integrations.js';
import { PASS_ROLE_SERVICES, type PassRoleService } from './pass-role-services.js';
import { freeNames } from './new-names.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import { instanceProfilesOf } from './instance-role.js';
import { type Said, saidBy } from './said-by-calls.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';
import { rolesTrusting } from './trusted-services.js';
import type { CallsInState } from './workload-states.js';

/**
 * Passing a role to a service that runs the intruder's code or calls with it: PassRole and the creating call are signed by one principal, the
 * role trusts the service, and the role is in the same account (it cannot be passed across).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const PASS_ROLE_TECHNIQUES: readonly Technique[] = [...PASS_ROLE_SERVICES, ...PASS_ROLE_INTEGRATIONS].map(
  makeTechnique,
);

function makeTechnique(row: PassRoleService): Technique {
  const technique: Technique = {
    id: row.id,
    title: row.title,
    tactic: 'Privilege Escalation',
    attack: ['T1548.005', ...(row.attack ?? ['T1648'])],
    references: [...row.references, 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html'],
    premises: [
      `One principal may call iam:PassRole on the role for ${row.service}, and ${row.create.join(', ')}.`,
      ...(row.afterwards ? [`Somebody under the intruder's control may call ${row.afterwards.join(', ')}.`] : []),
      `The role trusts ${row.service} and is in the same account.`,
      ...(row.alongside
        ? [`Another role of the account trusts ${row.alongside}, and the principal may pass that one to it.`]
        : []),
      ...(row.instanceProfile === 'existing' ? ['An instance profile holds the role.'] : []),
      ...(row.either ? [`Somebody under the intruder's control may call ${row.either.join(' or ')}.`] : []),
      ...(row.oneThing ? ['They may make these calls on one and the same thing.'] : []),
      ...(row.changes ? [row.changes.why] : []),
      ...inStates(row.changes?.inState),
      ...((row.changes?.calls.length ?? 0) > 1 ? ['They may make these calls on one and the same of these.'] : []),
      ...(row.needs ?? []).map((need) => need.why),
      ...(row.through ? [row.through.why] : []),
      ...(row.roleMay ? [row.roleMay.why] : []),
    ],
    assumptions: row.assumptions ?? [],
    difficulty: { cost: row.cost ?? 2, reason: row.costReason ?? 'a few API calls and a payload' },
    detection: [
      ...[...row.create, ...(row.changes?.inState?.calls ?? []), ...(row.afterwards ?? []), ...(row.either ?? [])].map(
        eventOf,
      ),
      'The call that creates names the role: iam:PassRole leaves no event of its own',
    ],
    remediation: 'Limit iam:PassRole to the roles and the service that the principal has to deploy with.',
    steps: (world, emit) => {
      for (const { account, partition, ids } of groupsOf(world, 'iam:role')) {
        const trusted = rolesTrusting(world, row.service, ids);
        const unseen = missingAssets(world, row, account);
        if (trusted.size === 0 || unseen === undefined) continue;
        const usable = [...trusted.keys()].filter(
          (role) =>
            (row.instanceProfile !== 'existing' || instanceProfilesOf(world, role).length > 0) &&
            (!row.roleMay || mayAny(world, role, row.roleMay.actions, partition, account)),
        );
        if (usable.length === 0) continue;
        const seconds = passedAlongside(world, row, ids);
        const calls = callsOf(world, row, partition, account);
        const ways = rolesAsNamed(world, row, usable).flatMap(({ roles, context }) =>
          calls.flatMap(({ create, body, conditions: unsure }) =>
            seconds.map(({ also, conditions }) => ({
              body,
              second: [...conditions, ...unsure],
              facts: world.permissions.may(
                passing(roles, row.service),
                ...also,
                ...create.map((call) => ({ ...call, ...context(call) })),
              ),
            })),
          ),
        );
        for (const { may, conditions, roles, body } of ways.flatMap(({ facts, body, second }) =>
          alikeRoles(facts, trusted).map((alike) => ({
            ...alike,
            body,
            conditions: [...alike.conditions, ...second],
          })),
        )) {
          emit({
            head: fact(row.gives ?? 'creds', EACH),
            body: [may, ...body],
            each: roles,
            conditions: [...conditions, ...unseen],
            label: {
              technique,
              detail: (role) => ({
                text: `${row.does} with role ${nameOf(world, role)}.`,
                evidence: [stated(world, role, `trusts ${row.service}`)],
                fix: `Limit iam:PassRole so that ${nameOf(world, role)} cannot be passed to ${row.service}.`,
              }),
            },
          });
        }
      }
    },
  };
  return technique;
}

function inStates(inState: CallsInState | undefined): readonly string[] {
  const calls = inState?.calls ?? [];
  return calls.length === 0
    ? []
    : [`Where its state asks for it, somebody under the intruder's control may call ${calls.join(', ')} on it.`];
}

/**
 * Condition keys of creating calls whose value is what is passed.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#using-iam-template-conditions
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const NAMES_PASSED: readonly {
  readonly key: string;
  readonly names: (row: PassRoleService) => boolean;
  readonly action: RegExp;
  /** What of all that a call is checked on has the key. */
  readonly on: RegExp;
  readonly values: (world: World, role: string) => readonly string[];
}[] = [
  {
    key: 'cloudformation:RoleArn',
    names: () => true,
    action: /^cloudformation:(Create|Update)(Stack|ChangeSet|StackSet)$/,
    on: /./,
    values: (_world, role) => [role],
  },
  {
    key: 'ec2:InstanceProfile',
    names: ({ instanceProfile }) => instanceProfile === 'existing',
    action: /^ec2:RunInstances$/,
    on: /:instance\//,
    values: instanceProfilesOf,
  },
];

/** Roles, and what the creating calls say of each where they are passed. */
interface NamedRoles {
  readonly roles: readonly string[];
  readonly context: (call: Requirement) => Pick<Requirement, 'context'>;
}

/** All roles at once where no policy looks at how they are named; else those together whose names no policy tells apart. */
function rolesAsNamed(world: World, row: PassRoleService, roles: readonly string[]): readonly NamedRoles[] {
  const named = NAMES_PASSED.find(
    ({ key, action, names }) => names(row) && row.create.some((call) => action.test(call)) && world.iam.looksAt([key]),
  );
  if (!named) return [{ roles, context: () => ({}) }];
  const pairs = roles.flatMap((role) => named.values(world, role).map((value) => ({ role, value })));
  const alike = groupBy(pairs, ({ value }) => world.iam.likenessOf({ [named.key]: value }));
  return [...alike.values()].map((own) => ({
    roles: sortedUnique(own.map(({ role }) => role)),
    context: ({ action, resources, context }) =>
      named.action.test(action) && named.on.test(resources[0] ?? '')
        ? { context: { ...context, [named.key]: own[0]?.value ?? [] } }
        : {},
  }));
}

/** What the principal that passes the role has to be allowed besides, and the facts for what somebody calls afterwards. */
interface Calls {
  readonly create: readonly Requirement[];
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

/** What calls are made on: one of these, the same for all that are made on it. */
interface Things {
  readonly names: readonly string[];
  readonly takes: (action: string) => boolean;
  /** Calls on it besides, in the state in which it is. */
  readonly further: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Each call is asked about by itself. */
const ANYTHING: Things = { names: [], takes: () => false, further: [], conditions: [] };

/** The ways to call what a row asks for: by each of the actions of which one is enough, and on all things that can be told apart. */
function callsOf(world: World, row: PassRoleService, partition: string, account: string): readonly Calls[] {
  const choices = row.either?.map((action) => [action]) ?? [[]];
  return saidBy(world, row, account).flatMap((said) =>
    choices.flatMap((choice) => callsIn(world, row, { choice, said, partition, account })),
  );
}

/** One choice among actions of which one is enough, and what calls say. */
interface CallChoice {
  readonly choice: readonly string[];
  readonly said: Said | undefined;
  readonly partition: string;
  readonly account: string;
}

function callsIn(
  world: World,
  row: PassRoleService,
  { choice, said, partition, account }: CallChoice,
): readonly Calls[] {
  const placed = (call: Requirement): Requirement =>
    said?.calls.has(call.action) ? { ...call, context: { ...call.context, ...said.context } } : call;
  const later = [...(row.afterwards ?? []), ...choice];
  const things = thingsFor(world, row, [...row.create, ...later], partition, account);
  const through = row.through?.ways(world, { account, partition }) ?? [{ also: [], body: [], conditions: [] }];
  return things
    .flatMap((thing) => through.map((way) => ({ ...thing, way })))
    .flatMap(({ names, takes, further, conditions, way }): readonly Calls[] => {
      const apart = later
        .filter((action) => !takes(action))
        .map((action) => {
          const also = action === row.through?.action ? way.also : [];
          const [first, ...others] = callRequirements(action, partition, account).map(placed);
          return first && world.permissions.may(first, ...others, ...also).of(first.resources[0] ?? '');
        });
      const known = apart.filter((one) => one !== undefined);
      if (known.length < apart.length) return [];
      const held = [...later.filter(takes), ...further].map((action) =>
        world.permissions.may({ action, resources: names }),
      );
      const together = names.length === 0 ? [{ ids: names, body: [] }] : permittedTogether(names, held);
      return together.map(({ ids, body }) => ({
        create: row.create.flatMap((action) =>
          takes(action) ? [{ action, resources: ids }] : expand(action, partition, account).map(placed),
        ),
        body: [...body, ...known, ...way.body],
        conditions: [...conditions, ...way.conditions, ...(said?.conditions ?? [])],
      }));
    });
}

/**
 * What a row's calls are made on: things that are there and are changed; or names of the one new thing, where policies tell some apart, and not
 * too many.
 */
function thingsFor(
  world: World,
  { oneThing, changes }: PassRoleService,
  actions: readonly string[],
  partition: string,
  account: string,
): readonly Things[] {
  if (changes !== undefined) {
    const { type, operation, inState, calls, why } = changes;
    const takes = (action: string): boolean => calls.includes(action);
    const seen = groupsOf(world, type)
      .filter((group) => group.account === account)
      .flatMap((group) => byState(world, group.ids, inState))
      .map(({ names, further }): Things => ({ names, takes, further, conditions: [] }));
    if (world.observed.isCollected(operation, account)) return seen;
    const unseen = `${operation} was not collected everywhere in ${account}, and this is needed: ${why}`;
    return [...seen, { ...ANYTHING, conditions: [unknown(type, unseen)] }];
  }
  if (oneThing === undefined) return [ANYTHING];
  const [service = ''] = (actions[0] ?? '').split(':');
  const own = actions.filter((action) => action.startsWith(`${service}:`));
  const region = service === 'iam' ? '' : '*';
  const form = `arn:${partition}:${service}:${region}:${account}:${oneThing}`;
  return freeNames(world, form, own).map(({ names, conditions }) =>
    names[0] === form
      ? { ...ANYTHING, conditions }
      : { names, takes: (action) => own.includes(action) && !isOnNothing(action), further: [], conditions },
  );
}

/** Some things by what has to be called on them in their states, without those that no call serves; all of them in one array where nothing has. */
function byState(
  world: World,
  ids: readonly string[],
  inState: CallsInState | undefined,
): readonly Pick<Things, 'names' | 'further'>[] {
  if (inState === undefined) return [{ names: ids, further: [] }];
  const further = (id: string): readonly string[] | undefined => inState.of(world.graph.asset(id)?.record);
  return [...groupKeyed(ids, (id) => further(id)?.join(' '))].map(([, names]) => ({
    names: names.length === ids.length ? ids : names,
    further: further(names[0] ?? '') ?? [],
  }));
}

const passing = (roles: readonly string[], service: string): Requirement => ({
  action: 'iam:PassRole',
  resources: roles,
  context: { 'iam:PassedToService': service },
});

/** What passing a second role in the same call asks for, where a row needs one: one way for each set of conditions on which such roles trust their service. */
function passedAlongside(
  world: World,
  { alongside }: PassRoleService,
  roles: readonly string[],
): readonly { readonly also: readonly Requirement[]; readonly conditions: readonly Condition[] }[] {
  if (alongside === undefined) return [{ also: [], conditions: [] }];
  const trusted = rolesTrusting(world, alongside, roles);
  return byConditions([...trusted.keys()], trusted, (role) => trusted.get(role)).map(({ ids, conditions }) => ({
    also: [passing(ids, alongside)],
    conditions,
  }));
}

/** Roles that the same may be passed by the same people, and that trust the service on the same conditions. */
function alikeRoles(
  facts: PermissionFacts,
  trusted: ReadonlyMap<string, readonly Condition[]>,
): readonly { readonly may: string; readonly conditions: readonly Condition[]; readonly roles: readonly string[] }[] {
  return facts.parts.flatMap(({ fact: may, resources }) =>
    byConditions(resources, trusted, (role) => trusted.get(role) ?? []).map(({ ids: roles, conditions }) => ({
      may,
      conditions,
      roles,
    })),
  );
}

/** What has to exist and is not known to: conditions where it was not asked about; `undefined` where there is none. */
function missingAssets(world: World, row: PassRoleService, account: string): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { type, operation, inState, why } of row.needs ?? []) {
    const own = groupsOf(world, type).filter((group) => group.account === account);
    if (own.some(({ ids }) => byState(world, ids, inState).length > 0)) continue;
    if (world.observed.isCollected(operation, account)) return undefined;
    conditions.push(
      unknown(type, `${operation} was not collected everywhere in ${account}, and this is needed: ${why}`),
    );
  }
  return conditions;
}

/** Whether a role may do one of some actions on anything in the account. */
const mayAny = (world: World, role: string, actions: readonly string[], partition: string, account: string): boolean =>
  actions.some((action) => {
    const [first, ...others] = callRequirements(action, partition, account);
    if (!first) return false;
    return world.permissions
      .may({ ...first, administrators: true }, ...others)
      .holders(first.resources[0] ?? '')
      .some((holder) => holder.principal === role);
  });

/** Launching an instance is authorized on each thing that it is made of. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances */
const LAUNCH_RESOURCES = ['instance', 'network-interface', 'subnet', 'volume', 'security-group'];

export const launchRequirements = (partition: string, account: string): readonly Requirement[] => [
  ...LAUNCH_RESOURCES.map((kind) => ({
    action: 'ec2:RunInstances',
    resources: [`arn:${partition}:ec2:*:${account}:${kind}/*`],
  })),
  { action: 'ec2:RunInstances', resources: [`arn:${partition}:ec2:*::image/*`] },
];

const expand = (action: string, partition: string, account: string): readonly Requirement[] =>
  action === 'ec2:RunInstances' ? launchRequirements(partition, account) : callRequirements(action, partition, account);
