import type { FactId, Removal } from '../attack/index.js';
import { type Asset, byCode, parseArn } from '../model/index.js';
import { fact, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { Containment } from './report.js';

interface Measure {
  readonly text: string;
  readonly command: string;
  readonly interrupts: string;
  /** Whether that stays so until somebody mends it (1), or passes by itself (0). */
  readonly harm: 0 | 1;
  readonly removal: Removal;
}

/** Detaching a profile does not end sessions already taken: only a deny by token issue time does. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
const REVOKE =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"NOW"}}}]}';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split('/').at(-1) ?? arn;

/** What to do first, each with how many of the reached assets it takes away; by that, then by how little it interrupts. */
export function containmentOf(
  attack: AttackGraph,
  assets: readonly Asset[],
  held: readonly string[],
  reached: readonly FactId[],
): readonly Containment[] {
  const measures = distinct([
    ...assets.flatMap((asset) => measureFor(attack, asset)),
    ...reached.flatMap((id) => reachedMeasure(attack, id)),
  ]);
  if (measures.length === 0) return [];
  const { clauses } = attack.engine;
  const start = held.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const survivors = attack.engine.survivors(measures.map((m) => m.removal))(start, reached);
  const assetsOf = (facts: readonly FactId[]): Set<string> =>
    new Set(facts.map((f) => parseFact(clauses.factKey(f)).id));
  const all = assetsOf(reached).size;
  return measures
    .map((measure, i) => ({ ...measure, cuts: all - assetsOf(survivors[i] ?? []).size }))
    .filter((c) => c.cuts > 0)
    .sort((a, b) => b.cuts - a.cuts || a.harm - b.harm || byCode(a.command, b.command))
    .map(({ text, command, interrupts, cuts }) => ({ text, command, interrupts, cuts }));
}

const distinct = (measures: readonly Measure[]): readonly Measure[] => [
  ...new Map(measures.map((measure) => [measure.command, measure])).values(),
];

/** On what is compromised itself. */
function measureFor(attack: AttackGraph, asset: Asset): readonly Measure[] {
  const name = nameIn(asset.id);
  switch (asset.type) {
    case 'iam:user':
      return [deactivation(attack, asset.id)];
    case 'iam:role':
      return [revocation(attack, asset.id)];
    case 'ec2:instance':
      return [
        {
          text: `Isolate instance ${name}: give its interfaces a security group without rules. Credentials that were already taken stay valid.`,
          command: `aws ec2 modify-instance-attribute --region ${asset.region} --instance-id ${quoted(name)} --groups ISOLATION-GROUP-ID`,
          interrupts: `everything that ${name} serves`,
          harm: 1,
          removal: { clauses: networkClausesFrom(attack, asset.id) },
        },
      ];
    case 'lambda:function':
      return [
        {
          text: `Stop function ${name}: let it run in no instance. Credentials that were already taken stay valid.`,
          command: `aws lambda put-function-concurrency --region ${asset.region} --function-name ${quoted(asset.id)} --reserved-concurrent-executions 0`,
          interrupts: `whatever calls ${name}`,
          harm: 1,
          removal: { facts: factIds(attack, fact('exec', asset.id)) },
        },
      ];
    default:
      return [];
  }
}

/** On what the intruder gets hold of on the way: the sessions of roles, the keys of users. */
function reachedMeasure(attack: AttackGraph, id: FactId): readonly Measure[] {
  const { kind, id: asset } = parseFact(attack.engine.clauses.factKey(id));
  if (kind !== 'creds') return [];
  const type = attack.graph.asset(asset)?.type;
  if (type === 'iam:role') return [revocation(attack, asset)];
  return type === 'iam:user' ? [deactivation(attack, asset)] : [];
}

const factIds = ({ engine }: AttackGraph, ...keys: readonly string[]): readonly FactId[] =>
  keys.map((key) => engine.clauses.factId(key)).filter((id) => id !== undefined);

function revocation(attack: AttackGraph, role: string): Measure {
  return {
    text: `Revoke the sessions of role ${nameIn(role)} that were issued until now (write the time in place of NOW). Detaching it would leave them valid.`,
    command: `aws iam put-role-policy --role-name ${quoted(nameIn(role))} --policy-name AWSRevokeOlderSessions --policy-document ${quoted(REVOKE)}`,
    interrupts: 'whatever uses the role, until it asks for new credentials',
    harm: 0,
    removal: { facts: factIds(attack, fact('creds', role)) },
  };
}

function deactivation(attack: AttackGraph, user: string): Measure {
  const name = nameIn(user);
  return {
    text: `Deactivate the access keys of user ${name}, and deny its console sessions.`,
    command: `aws iam update-access-key --user-name ${quoted(name)} --status Inactive --access-key-id KEY-ID`,
    interrupts: `whatever signs in with the keys of ${name}`,
    harm: 1,
    removal: { facts: factIds(attack, fact('creds', user)) },
  };
}

/** Clauses by which code on a host opens connections. */
function networkClausesFrom(attack: AttackGraph, host: string): readonly number[] {
  const { clauses } = attack.engine;
  const exec = clauses.factId(fact('exec', host));
  const { body, bodyStart, clauseCount } = clauses.columns();
  const found: number[] = [];
  for (let clause = 0; clause < clauseCount; clause++) {
    for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++) {
      if (body[i] === exec && clauses.label(clause).technique.id === 'network-connection') found.push(clause);
    }
  }
  return found;
}
