import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type AuthorizationVerdict,
  evaluatePolicies,
  type NamedPolicy,
  type PolicyEvaluation,
} from '../../src/iam/index.js';
import type { Condition, Json } from '../../src/model/index.js';

/** A case as it stands in `cases/*.json`; README.md there says what each part means. */
interface Case {
  readonly name: string;
  readonly see?: string;
  readonly ask: Omit<PolicyEvaluation, PolicyKind | 'serviceControlPolicies' | 'resourceControlPolicies'> & {
    readonly identityPolicies?: Json;
    readonly permissionsBoundary?: Json;
    readonly sessionPolicy?: Json;
    readonly resourcePolicy?: Json;
    readonly vpcEndpointPolicy?: Json;
    readonly serviceControlPolicies?: readonly Json[];
    readonly resourceControlPolicies?: readonly Json[];
  };
  readonly verdict: AuthorizationVerdict;
  readonly conditions?: readonly Condition[];
}

type PolicyKind = 'identityPolicies' | 'permissionsBoundary' | 'sessionPolicy' | 'resourcePolicy' | 'vpcEndpointPolicy';

/** A statement, a list of statements, or a whole document (an object with `Statement`, or text) as one policy. */
function policy(name: string, stated: Json): NamedPolicy {
  const isDocument =
    typeof stated === 'string' || (typeof stated === 'object' && stated !== null && 'Statement' in stated);
  return { name, document: isDocument ? stated : { Version: '2012-10-17', Statement: stated } };
}

function question(ask: Case['ask']): PolicyEvaluation {
  const { identityPolicies, permissionsBoundary, sessionPolicy, resourcePolicy, vpcEndpointPolicy, ...rest } = ask;
  const { serviceControlPolicies: scps, resourceControlPolicies: rcps, ...plain } = rest;
  return {
    ...plain,
    ...(identityPolicies !== undefined && { identityPolicies: [policy('identity', identityPolicies)] }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary: policy('boundary', permissionsBoundary) }),
    ...(sessionPolicy !== undefined && { sessionPolicy: policy('session', sessionPolicy) }),
    ...(resourcePolicy !== undefined && { resourcePolicy: policy('resource', resourcePolicy) }),
    ...(vpcEndpointPolicy !== undefined && { vpcEndpointPolicy: policy('endpoint', vpcEndpointPolicy) }),
    ...(scps && { serviceControlPolicies: scps.map((level, i) => [policy(`scp-${i}`, level)]) }),
    ...(rcps && { resourceControlPolicies: rcps.map((level, i) => [policy(`rcp-${i}`, level)]) }),
  };
}

const folder = fileURLToPath(new URL('./cases', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(files)('%s', (file) => {
  const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];

  it('names each case once', () => {
    expect(cases.length).toBeGreaterThan(1);
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { ask, verdict, conditions }) => {
    const answer = evaluatePolicies(question(ask));
    expect(answer.verdict, JSON.stringify(answer.conditions)).toBe(verdict);
    if (conditions) expect(answer.conditions).toEqual(conditions);
  });
});
