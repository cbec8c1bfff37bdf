import type { FactId, Removal } from '../attack/index.js';
import { type Asset, byCode, parseArn } from '../model/index.js';
import { fact, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { Containment } from './report.js';

interface Measure {
  readonly text: string;
  readonly command: string;
  readonly removal: Removal;
}

/** Detaching a profile does not end sessions already taken: only a deny by token issue time does. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
const REVOKE =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"NOW"}}}]}';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split('/').at(-1) ?? arn;

/** What to do first, each with how many of the reached assets it takes away; by that, then by command. */
export function containmentOf(
  attack: AttackGraph,
  assets: readonly Asset[],
  held: readonly string[],
  reached: readonly FactId[],
): readonly Containment[] {
  const measures = [...measuresFor(attack, assets), ...sessionMeasures(attack, reached)];
  if (measures.length === 0) return [];
  const { clauses } = attack.engine;
  const start = held.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const survivors = attack.engine.survivors(
    start,
    measures.map((m) => m.removal),
    reached,
  );
  const assetsOf = (facts: readonly FactId[]): Set<string> =>
    new Set(facts.map((f) => parseFact(clauses.factKey(f)).id));
  const all = assetsOf(reached).size;
  return measures
    .map(({ text, command }, i) => ({ text, command, cuts: all - assetsOf(survivors[i] ?? []).size }))
    .filter((c) => c.cuts > 0)
    .sort((a, b) => b.cuts - a.cuts || byCode(a.command, b.command));
}

/** On what is compromised itself. */
function measuresFor(attack: AttackGraph, assets: readonly Asset[]): readonly Measure[] {
  const { clauses } = attack.engine;
  const factsOf = (...keys: readonly string[]): Removal => ({
    facts: keys.map((key) => clauses.factId(key)).filter((id) => id !== undefined),
  });
  return assets.flatMap((asset): Measure[] => {
    const name = nameIn(asset.id);
    if (asset.type === 'iam:user') {
      return [
        {
          text: `Deactivate the access keys of user ${name}, and deny its console sessions.`,
          command: `aws iam update-access-key --user-name ${quoted(name)} --status Inactive --access-key-id KEY-ID`,
          removal: factsOf(fact('creds', asset.id)),
        },
      ];
    }
    if (asset.type === 'iam:role') return [revocation(attack, asset.id)];
    if (asset.type === 'ec2:instance') {
      return [
        {
          text: `Isolate instance ${name}: give its interfaces a security group without rules. Credentials that were already taken stay valid.`,
          command: `aws ec2 modify-instance-attribute --region ${asset.region} --instance-id ${quoted(name)} --groups ISOLATION-GROUP-ID`,
          removal: { clauses: networkClausesFrom(attack, asset.id) },
        },
      ];
    }
    return [];
  });
}

/** Ending the sessions of each role whose credentials are among what is reached. */
function sessionMeasures(attack: AttackGraph, reached: readonly FactId[]): readonly Measure[] {
  return reached.flatMap((id) => {
    const { kind, id: asset } = parseFact(attack.engine.clauses.factKey(id));
    return kind === 'creds' && attack.graph.asset(asset)?.type === 'iam:role' ? [revocation(attack, asset)] : [];
  });
}

function revocation(attack: AttackGraph, role: string): Measure {
  const id = attack.engine.clauses.factId(fact('creds', role));
  return {
    text: `Revoke the sessions of role ${nameIn(role)} that were issued until now (write the time in place of NOW).`,
    command: `aws iam put-role-policy --role-name ${quoted(nameIn(role))} --policy-name AWSRevokeOlderSessions --policy-document ${quoted(REVOKE)}`,
    removal: { facts: id === undefined ? [] : [id] },
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
