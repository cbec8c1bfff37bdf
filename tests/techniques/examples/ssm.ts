import { arn, type Miniature, type Says } from '../miniature.js';
import { ANN, annMay, deny, type ExampleFamily, type TechniqueExamples } from './example.js';

const OTHER = arn('ec2', 'instance/i-other');
const DOCUMENT = 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript';
const LETS_IT = 'ssm:UpdateInstanceInformation';

/** An instance whose agent is registered and answers, does not, or was not asked about; its role lets it be, or does not. */
const managed =
  (ping: 'Online' | 'ConnectionLost' | undefined, role: readonly Says[] = [LETS_IT]) =>
  (...says: readonly Says[]): Miniature =>
    annMay(says, {
      roles: { node: { profile: true, says: role } },
      instances: { 'i-other': { role: 'node' } },
      answers:
        ping === undefined
          ? {}
          : {
              'ssm/DescribeInstanceInformation': {
                InstanceInformationList: [{ InstanceId: 'i-other', PingStatus: ping }],
              },
            },
    });

/** Calls that Systems Manager carries out on an instance. */
const bySsm = (
  what: string,
  says: readonly string[],
  ...lacking: readonly (readonly [why: string, says: readonly string[]])[]
): TechniqueExamples => ({
  from: ANN,
  reaches: OTHER,
  access: 'control',
  works: { why: `Ann may ${what}, and its agent is online.`, world: managed('Online')(...says) },
  fails: { why: 'The agent of the instance has lost its connection.', world: managed('ConnectionLost')(...says) },
  alsoFails: [
    {
      why: 'Whether the agent is online was not collected, and the role of the instance does not let it be.',
      world: managed(undefined, [LETS_IT, deny(LETS_IT)])(...says),
    },
    ...lacking.map(([why, may]) => ({ why, world: managed('Online')(...may) })),
  ],
  unknown: {
    why: 'Whether the agent is online was not collected; the role of the instance lets it be.',
    world: managed(undefined)(...says),
    because: 'SSM agent',
  },
});

const onBoth = (call: string): readonly string[] => [`${call} on ${OTHER}`, `${call} on ${DOCUMENT}`];
const WINDOW = [
  'ssm:RegisterTaskWithMaintenanceWindow',
  'ssm:CreateMaintenanceWindow',
  'ssm:RegisterTargetWithMaintenanceWindow',
];

/** Code on instances by Systems Manager. */
export const SSM_EXAMPLES: ExampleFamily = {
  'ssm-send-command': bySsm(
    'send commands to an instance',
    onBoth('ssm:SendCommand'),
    ['Ann may use no document that runs commands.', onBoth('ssm:SendCommand').slice(0, 1)],
    [
      'Ann may use a document that runs what AWS wrote alone.',
      [`ssm:SendCommand on ${OTHER}`, 'ssm:SendCommand on arn:aws:ssm:*:*:document/AWS-UpdateSSMAgent'],
    ],
  ),
  'ssm-start-session': bySsm('open sessions on an instance', [`ssm:StartSession on ${OTHER}`]),
  'ssm-association': bySsm('associate documents with an instance', onBoth('ssm:CreateAssociation'), [
    'Ann may associate no document that runs commands.',
    onBoth('ssm:CreateAssociation').slice(0, 1),
  ]),
  'ssm-maintenance-window': bySsm('make a maintenance window with a task on an instance', WINDOW, [
    'Ann may register no target with the window.',
    WINDOW.slice(0, 2),
  ]),
};
