import type { ContextValues } from '../iam/index.js';
import { at, type Condition, onceForBoth, text, unknown } from '../model/index.js';
import { byConditions, type PermittedAssets, permittedTogether } from './alike.js';
import { EACH, fact } from './fact.js';
import { instanceProfilesOf } from './instance-role.js';
import { managedBySsm, managedOnceStarted } from './managed-nodes.js';
import type { Requirement } from './permissions.js';
import {
  canRun,
  emitKeyedStarts,
  isRunning,
  onceStarted,
  RUNS_OR_STARTED,
  type Startable,
  startable,
  stateOf,
} from './starting.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { commandDocuments, ownDocuments, sessionCalls } from './ssm-documents.js';
import { EC2, rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, type ResourceGroup, stated, type World } from './world.js';

/** Calls that run code, with what is needed or has to hold besides. */
interface Way {
  /** Each may be signed by another principal; what one call is checked for stands together. */
  readonly calls: readonly (readonly Requirement[])[];
  readonly body?: readonly string[];
  readonly conditions?: readonly Condition[];
  /** The instance has to be started too, by whomever. */
  readonly starts?: true;
}

/** A way to run code on another instance through AWS's API. */
interface InstanceTakeover {
  readonly info: Pick<
    TechniqueInfo,
    'id' | 'title' | 'references' | 'assumptions' | 'difficulty' | 'attack' | 'premises'
  >;
  /** CloudTrail events that it leaves. */
  readonly detection: readonly string[];
  readonly ways: (world: World, group: ResourceGroup) => readonly Way[];
  /** The ways on an instance that is stopped; the same and starting it when absent. */
  readonly whereStopped?: InstanceTakeover['ways'];
  /** `undefined`: it cannot work on this instance. */
  readonly conditions: (world: World, instance: string) => readonly Condition[] | undefined;
  readonly does: string;
  /** Facts on which other techniques rest too: emitted here for all of them. */
  readonly emitShared?: (world: World, emit: Emit, technique: TechniqueInfo) => void;
}

/** On an instance that runs, or that is stopped and has to be started first. */
const onceRunning =
  (conditions: (world: World, instance: string) => readonly Condition[] | undefined) =>
  (world: World, instance: string): readonly Condition[] | undefined =>
    canRun(world, instance) ? conditions(world, instance) : undefined;

/** The SSM agent of an instance obeys, where it runs or was started. */
export const ifManaged = onceRunning((world, instance) =>
  isRunning(world, instance) ? managedBySsm(world, instance) : managedOnceStarted(world, instance),
);

const dividedByState = onceForBoth((world: World, ids: readonly string[]) => {
  const stopped = ids.filter((id) => stateOf(world, id) === 'stopped');
  return { stopped, others: stopped.length === 0 ? ids : ids.filter((id) => stateOf(world, id) !== 'stopped') };
});

/** What runs a document on an instance is checked on both: a document that runs commands, of AWS or the account's own. */
const byDocument = (action: string): Pick<InstanceTakeover, 'detection' | 'ways'> => ({
  detection: [action],
  ways: (world, group) => {
    const calls = (documents: readonly string[]): Way['calls'] => [
      [
        { action, resources: group.ids },
        { action, resources: documents },
      ],
    ];
    return [
      { calls: calls(commandDocuments(group)) },
      ...ownDocuments(world, action, group).map(({ documents, ...way }) => ({ ...way, calls: calls(documents) })),
    ];
  },
});

/**
 * What a call says of itself: that user data is set, whatever they are.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const SAYS: ReadonlyMap<string, ContextValues> = new Map([
  ['ec2:ModifyInstanceAttribute', { 'ec2:Attribute/UserData': 'user data of the intruder' }],
]);

/** By calls that are checked on the instance alone. */
const byCalls =
  (...actions: readonly string[]): InstanceTakeover['ways'] =>
  ({ iam }, { ids }) => [
    {
      calls: actions.map((action) => {
        const context = SAYS.get(action);
        return [{ action, resources: ids, ...(context && iam.looksAt(Object.keys(context)) && { context }) }];
      }),
    },
  ];

/** A new root volume is made, and the task that puts it in the old one's place. */
const byNewRoot =
  (action: string): InstanceTakeover['ways'] =>
  (_world, { account, region, partition, ids }) => {
    const any = (kind: string): Requirement => ({
      action,
      resources: [`arn:${partition}:ec2:${region}:${account}:${kind}/*`],
    });
    return [{ calls: [[{ action, resources: ids }, any('replace-root-volume-task'), any('volume')]] }];
  };

/** The same, and starting the instance. */
const andStart =
  (ways: InstanceTakeover['ways']): InstanceTakeover['ways'] =>
  (world, group) =>
    ways(world, group).map((way) => ({ ...way, starts: true }));

const TAKEOVERS: readonly InstanceTakeover[] = [
  {
    info: {
      id: 'ssm-send-command',
      title: 'Run a command on an instance through Systems Manager',
      attack: ['T1651'],
      references: [
        'pathfinding.cloud:ssm-002',
        'https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html',
      ],
      premises: [
        'ssm:SendCommand is allowed on the instance and on a document that runs commands: one of AWS, or one of the account that may be made.',
        'The SSM agent of the instance is online.',
        RUNS_OR_STARTED,
      ],
      assumptions: [],
      difficulty: { cost: 1, reason: 'one API call' },
    },
    ...byDocument('ssm:SendCommand'),
    conditions: ifManaged,
    does: 'Run a command as root through Systems Manager on',
    emitShared: emitKeyedStarts,
  },
  {
    info: {
      id: 'ssm-association',
      title: 'Have Systems Manager run a document on an instance again and again',
      attack: ['T1651', 'T1053'],
      references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state.html'],
      premises: [
        'ssm:CreateAssociation is allowed on the instance and on a document that runs commands: one of AWS, or one of the account that may be made.',
        'The SSM agent of the instance is online.',
        RUNS_OR_STARTED,
      ],
      assumptions: [],
      difficulty: { cost: 1, reason: 'one API call' },
    },
    ...byDocument('ssm:CreateAssociation'),
    conditions: ifManaged,
    does: 'Associate a document that runs commands with',
  },
  {
    info: {
      id: 'ssm-start-session',
      title: 'Open a shell on an instance through Session Manager',
      attack: ['T1651', 'T1021.008'],
      references: [
        'pathfinding.cloud:ssm-001',
        'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html',
      ],
      premises: [
        'ssm:StartSession is allowed on the instance; on a document that gives a shell too, where a policy asks for that to be checked.',
        'The SSM agent of the instance is online.',
        RUNS_OR_STARTED,
      ],
      assumptions: [],
      difficulty: { cost: 1, reason: 'one API call' },
    },
    detection: ['ssm:StartSession'],
    ways: (world, group) => sessionCalls(world, group).map((call) => ({ calls: [call] })),
    conditions: ifManaged,
    does: 'Open a shell through Session Manager on',
  },
  {
    info: {
      id: 'ec2-user-data-swap',
      title: "Replace an instance's user data and restart it",
      attack: ['T1651', 'T1578.005'],
      references: ['pathfinding.cloud:ec2-002', 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html'],
      premises: [
        'ec2:ModifyInstanceAttribute and ec2:StartInstances are allowed on the instance, and ec2:StopInstances unless it is stopped.',
        'Where customer-managed keys encrypt its volumes, whoever starts it may call kms:CreateGrant on them for EC2, or has them opened first.',
        'Its root device is an EBS volume.',
      ],
      assumptions: [
        'The new user data runs at every boot; an Auto Scaling group does not replace the stopped instance first.',
      ],
      difficulty: { cost: 3, reason: 'the instance stops and starts, which is seen' },
    },
    detection: ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'],
    ways: andStart(byCalls('ec2:ModifyInstanceAttribute', 'ec2:StopInstances')),
    whereStopped: andStart(byCalls('ec2:ModifyInstanceAttribute')),
    conditions: (world, instance) =>
      stateOf(world, instance) === 'terminated' ||
      text(at(world.graph.asset(instance)?.record, 'RootDeviceType')) === 'instance-store'
        ? undefined
        : [],
    does: 'Replace the user data of, and restart,',
  },
  {
    info: {
      id: 'ec2-replace-root-volume',
      title: "Replace an instance's root volume",
      attack: ['T1578.005', 'T1525'],
      references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html'],
      premises: [
        'ec2:CreateReplaceRootVolumeTask is allowed on the instance, the task and the new volume.',
        'An image of the same product and architecture is at hand.',
        RUNS_OR_STARTED,
      ],
      assumptions: ['The replacement image is one that the intruder made.'],
      difficulty: { cost: 4, reason: 'needs a fitting image, and the instance reboots' },
    },
    detection: ['ec2:CreateReplaceRootVolumeTask'],
    ways: byNewRoot('ec2:CreateReplaceRootVolumeTask'),
    conditions: onceRunning((world, instance) =>
      text(at(world.graph.asset(instance)?.record, 'RootDeviceType')) === 'instance-store' ? undefined : [],
    ),
    does: 'Replace the root volume of',
  },
];

/** Running code on an instance through the API: `exec instance ← permissions on the instance`. */
export const INSTANCE_TAKEOVERS: readonly Technique[] = TAKEOVERS.map(makeTechnique);

function makeTechnique({
  info,
  detection,
  ways,
  whereStopped,
  conditions,
  does,
  emitShared,
}: InstanceTakeover): Technique {
  const waysOnStopped = whereStopped ?? andStart(ways);
  const technique: Technique = {
    ...info,
    tactic: 'Lateral Movement',
    detection,
    remediation: 'Limit the calls by tag or by instance to those who operate it.',
    steps: (world, emit) => {
      emitShared?.(world, emit, technique);
      for (const group of groupsOf(world, 'ec2:instance')) {
        const { stopped, others } = dividedByState(world, group.ids);
        for (const { ids, body, more } of [
          ...waysOn(world, { ...group, ids: others }, ways),
          ...(stopped.length > 0 ? waysOn(world, { ...group, ids: stopped }, waysOnStopped) : []),
        ]) {
          for (const part of byConditions(ids, conditions, (instance) => conditions(world, instance))) {
            emit({
              head: fact('exec', EACH),
              body,
              each: part.ids,
              conditions: [...part.conditions, ...more],
              label: {
                technique,
                detail: (instance) => ({
                  text: `${whereStopped ? does : onceStarted(world, instance, does)} ${nameOf(world, instance)}.`,
                  evidence: [stated(world, instance, `is ${stateOf(world, instance)}`)],
                  fix: `Take the permission on ${nameOf(world, instance)} away.`,
                }),
              },
            });
          }
        }
      }
      emitUnseen(world, emit, technique, ways, does);
    },
  };
  return technique;
}

/** Instances of a group by the permissions that run code on them, for each of the ways. */
const waysOn = (
  world: World,
  group: ResourceGroup,
  ways: InstanceTakeover['ways'],
): readonly (PermittedAssets & { readonly more: readonly Condition[] })[] =>
  ways(world, group).flatMap(({ calls, body = [], conditions = [], starts }) => {
    const held = calls.map(([first, ...others]) => world.permissions.may(first as Requirement, ...others));
    const divided = starts ? startable(world, group.ids) : [{ ids: group.ids }];
    return divided.flatMap(({ ids, facts, each }: Startable) =>
      permittedTogether(ids, facts ? [...held, facts] : held).map((part) => ({
        ids: part.ids,
        body: [...part.body, ...(each === undefined ? [] : [each]), ...body],
        more: conditions,
      })),
    );
  });

const LISTING = 'ec2/DescribeInstances';

/** Where instances were not collected: any role in a profile that trusts EC2 may be the role of one. */
function emitUnseen(
  world: World,
  emit: Emit,
  technique: TechniqueInfo,
  ways: InstanceTakeover['ways'],
  does: string,
): void {
  for (const { account, partition, ids } of groupsOf(world, 'iam:role')) {
    if (world.observed.isCollected(LISTING, account)) continue;
    const trusting = rolesTrusting(world, EC2, ids);
    const held = [...trusting].filter(([role]) => instanceProfilesOf(world, role).length > 0);
    if (held.length === 0) continue;
    const any = `arn:${partition}:ec2:*:${account}:instance/*`;
    const made = waysOn(world, { account, region: '*', partition, ids: [any] }, ways);
    for (const [[role, conditions], { body, more }] of held.flatMap((own) => made.map((way) => [own, way] as const)))
      emit({
        head: fact('creds', role),
        body,
        cost: technique.difficulty.cost + 2,
        conditions: [
          ...conditions,
          ...more,
          unknown(
            'ec2:instance',
            `${LISTING} was not collected everywhere in ${account}: whether an instance runs with ${role} is not known`,
          ),
        ],
        label: {
          technique,
          detail: () => ({
            text: `${does} an instance of which nothing was collected, if it runs with role ${nameOf(world, role)}, and read its credentials.`,
            evidence: [stated(world, role, `trusts ${EC2} and is in an instance profile`)],
            fix: technique.remediation,
          }),
        },
      });
  }
}
