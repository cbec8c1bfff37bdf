import { sortedUnique } from '../model/index.js';
import type { Operation, ServiceCollector } from './declaration.js';
import { COLLECTORS } from './services/index.js';

/** An IAM policy as it is pasted into the console. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
  }[];
}

/** What the driver asks itself, beside what the collectors declare. */
const OWN = ['ec2:DescribeRegions', 'sts:GetCallerIdentity'];

/** The IAM actions that an operation needs. */
const actionsOf = (collector: ServiceCollector, operation: Operation): readonly string[] =>
  operation.actions ?? [`${collector.prefix}:${operation.name}`];

/** The read-only policy that collecting needs, derived from what the collectors declare: no action in it changes anything. */
export function requiredPermissions(): PolicyDocument {
  const actions = COLLECTORS.flatMap((collector) =>
    collector.operations.flatMap((operation) => actionsOf(collector, operation)),
  );
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'TrespassReads', Effect: 'Allow', Action: sortedUnique([...actions, ...OWN]), Resource: '*' }],
  };
}

/** `docs/permissions.md`: what is asked of each service, and the policy. */
export function permissionsPage(): string {
  const rows = COLLECTORS.flatMap((collector) =>
    collector.operations.map((operation) => {
      const how = operation.each ? 'once a resource' : 'once';
      const where = collector.scope === 'global' ? 'account' : 'region';
      const actions = actionsOf(collector, operation).map((action) => `\`${action}\``);
      return `| ${collector.service} | ${operation.name} | ${how}, by ${where} | ${actions.join(', ')} |`;
    }),
  );
  return [
    '# Permissions',
    '',
    'What collecting asks of AWS. Every action reads; none changes anything, and none reads the content of a bucket, table, queue,',
    'parameter or secret. User data and environment variables are read to say what kind of secret stands in them, and are stored without',
    'their text. An action that is not allowed becomes a gap, and the answers that depend on it are *unknown*.',
    '',
    'With `--org`, the principal that starts also needs `organizations:ListAccounts` and `sts:AssumeRole` on the role in each account.',
    '',
    '```json',
    JSON.stringify(requiredPermissions(), null, 2),
    '```',
    '',
    '| service | operation | how often | IAM action |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
