import type { FactId } from '../attack/index.js';
import { byCode, parseArn } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { Signer } from './signers.js';
import { readFact } from './read-fact.js';
import { inRegion, type Measure, nameIn, quoted } from './measure.js';

/** How many principals a sentence names. */
const MOST_NAMED = 10;

/** A key policy holds 32 KB; this much of it is taken for a statement at most. */
const LONGEST_STATEMENT = 16_384;

/**
 * A key is closed to those that are had, and so what is encrypted under it. Where they are more than its policy holds, it is turned off: that stops
 * everybody, and is taken back by one call.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html
 */
export function closeKeys(
  attack: AttackGraph,
  reached: readonly FactId[],
  signers: readonly Signer[],
): readonly Measure[] {
  const { clauses } = attack.engine;
  const keys = new Set(
    reached.flatMap((id) => {
      const { kind, id: asset } = readFact(clauses, id);
      return kind === 'data-read' ? attack.graph.outgoing(asset, 'encrypted-with').map(({ to }) => to) : [];
    }),
  );
  if (keys.size === 0 || signers.length === 0) return [];
  const principals = signers.map(({ principal }) => principal).sort(byCode);
  const statement = JSON.stringify({
    Sid: 'Containment',
    Effect: 'Deny',
    Principal: '*',
    Action: 'kms:*',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:PrincipalArn': principals } },
  });
  const isTooLong = statement.length > LONGEST_STATEMENT;
  const permissions = permissionsOn(attack, keys);
  return [...keys].sort(byCode).flatMap((key): Measure[] => {
    const facts = permissions.get(key) ?? [];
    if (facts.length === 0) return [];
    if (isTooLong) return [turnOff(key, principals.length, facts)];
    const call = `--key-id ${quoted(key)} --policy-name default${inRegion(parseArn(key)?.region ?? '')}`;
    return [
      {
        text: `Close key ${nameIn(key)} to ${principals.length > MOST_NAMED ? `the ${principals.length} principals that are had` : principals.map(nameIn).join(', ')}, with a statement that denies in its policy.`,
        command: `aws kms put-key-policy ${call} --policy "$(aws kms get-key-policy ${call} --query Policy --output text | jq -c '.Statement += [${statement.replaceAll("'", String.raw`'\''`)}]')"`,
        interrupts: 'what these principals read and write under the key',
        leaves: 'what was read or copied already',
        harm: 1,
        removal: { facts },
      },
    ];
  });
}

const turnOff = (key: string, principals: number, facts: readonly FactId[]): Measure => ({
  text: `Turn key ${nameIn(key)} off: the ${principals} principals that are had are more than a statement in its policy can name.`,
  command: `aws kms disable-key --key-id ${quoted(key)}${inRegion(parseArn(key)?.region ?? '')}`,
  interrupts: `whoever reads or writes under the key, until it is turned on again (aws kms enable-key)`,
  leaves: 'what was read or copied already',
  harm: 2,
  removal: { facts },
});

/** The facts that stand for permissions on some keys; their names say what is asked for on what. */
function permissionsOn({ engine }: AttackGraph, keys: ReadonlySet<string>): ReadonlyMap<string, readonly FactId[]> {
  const { clauses } = engine;
  const found = new Map<string, FactId[]>();
  for (let id = 0; id < clauses.factCount; id++) {
    const name = clauses.factKey(id);
    if (!name.startsWith('may ') || !name.includes('kms:')) continue;
    for (const [key] of name.matchAll(/arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+/g)) {
      if (!keys.has(key)) continue;
      const known = found.get(key);
      if (known) known.push(id);
      else found.set(key, [id]);
    }
  }
  return found;
}
