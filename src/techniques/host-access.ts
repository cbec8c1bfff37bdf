import { at, flag, partitionOf, unknown } from '../model/index.js';
import type { FactKind } from './fact.js';
import { ifManaged } from './instance-takeover.js';
import { canRun, onceStarted, RUNS_OR_STARTED, startedFirst } from './starting.js';
import type { KeyedGroup } from './keys.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

const INFO = {
  tactic: 'Lateral Movement',
  remediation: 'Limit the calls to those who operate the instances.',
} as const;
const USER_GUIDE = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide';
const SSM_GUIDE = 'https://docs.aws.amazon.com/systems-manager/latest/userguide';

const exec: readonly FactKind[] = ['exec'];

const ssm = ({ region, account }: KeyedGroup, resource: string): string =>
  `arn:${partitionOf(region)}:ssm:${region}:${account}:${resource}`;

const isConsoleOn = (world: World, account: string, region: string): boolean | undefined =>
  flag(at(world.observed.answer('ec2/GetSerialConsoleAccessStatus', account, region), 'SerialConsoleAccessEnabled'));

/** Checked on nothing: it is a setting of the account in a region. */
const CONSOLES_OFF = ['*'];

/** The permission to turn serial consoles on, where they are off. */
function turningConsoleOn(world: World, { account, region }: KeyedGroup): readonly (string | undefined)[] {
  if (isConsoleOn(world, account, region) !== false) return [];
  const context = { 'aws:RequestedRegion': region };
  const turnOn = { action: 'ec2:EnableSerialConsoleAccess', resources: CONSOLES_OFF, context, accounts: [account] };
  return [world.permissions.may(turnOn).of('*')];
}

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      ...INFO,
      id: 'ssm-maintenance-window',
      title: 'Register a command in a maintenance window',
      attack: ['T1651', 'T1053'],
      references: [`${SSM_GUIDE}/maintenance-windows.html`],
      premises: ['The SSM agent of the instance is online.', RUNS_OR_STARTED],
      assumptions: ['The service-linked role of Systems Manager runs the command.'],
      difficulty: { cost: 3, reason: 'the window has to open' },
    },
    on: 'ec2:instance',
    calls: [
      {
        anyOf: ['ssm:RegisterTaskWithMaintenanceWindow'],
        on: (group) => ssm(group, 'maintenancewindow/*'),
      },
      { anyOf: ['ssm:RegisterTargetWithMaintenanceWindow'], on: (group) => ssm(group, 'maintenancewindow/*') },
      { anyOf: ['ssm:CreateMaintenanceWindow'], on: () => '*' },
    ],
    when: ifManaged,
    needs: startedFirst,
    first: onceStarted,
    gives: exec,
    does: 'Run a command, by a maintenance window, on',
    evidence: 'is managed by Systems Manager',
  },
  {
    info: {
      ...INFO,
      id: 'ec2-serial-console',
      title: "Log in at an instance's serial console",
      attack: ['T1021.004', 'T1098.004'],
      references: [`${USER_GUIDE}/ec2-serial-console.html`],
      premises: [
        'Access to serial consoles is on in the account and region; or somebody under the intruder’s control may turn it on (ec2:EnableSerialConsoleAccess).',
        'A user of the system has a password.',
        RUNS_OR_STARTED,
      ],
      difficulty: { cost: 3, reason: 'the password of a user of the system is needed' },
    },
    on: 'ec2:instance',
    calls: [{ anyOf: ['ec2-instance-connect:SendSerialConsoleSSHPublicKey'] }],
    when: (world, id, { account, region }) => {
      if (!canRun(world, id)) return undefined;
      return [
        ...(isConsoleOn(world, account, region) === undefined
          ? [unknown('serial console', `whether it is on in ${region} was not collected`)]
          : []),
        unknown('operating system password', `whether the intruder knows one for ${id} is not in the API`),
      ];
    },
    needs: (world, id, group) => [...startedFirst(world, id, group), ...turningConsoleOn(world, group)],
    first: onceStarted,
    gives: exec,
    does: 'Log in at the serial console of',
    evidence: 'has a serial console',
  },
];

/** Ways onto an instance by the API. */
export const HOST_ACCESS: readonly Technique[] = STEPS.map(makeResourceStep);
