import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type AuthorizationAnswer,
  type AuthorizationRequest,
  type AuthorizationVerdict,
  buildAuthorizer,
  evaluatePolicies,
  type NamedPolicy,
  type PolicyEvaluation,
  type PolicyOpening,
} from '../../src/iam/index.js';
import type { Condition, Json } from '../../src/model/index.js';
import { caseSnapshot, type CaseWorld, inFull } from './oracle/case-world.js';

/** A case about policies as it stands in `cases/*.json`; README.md there says what each part means. */
interface PolicyCase {
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

function question(ask: PolicyCase['ask']): PolicyEvaluation {
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

/** A case about accounts: one question about what a snapshot holds. */
interface WorldCase {
  readonly name: string;
  readonly see?: string;
  readonly world: CaseWorld;
  readonly ask: Omit<AuthorizationRequest, 'principal'> & { readonly principal: string };
  readonly verdict: AuthorizationVerdict;
  readonly conditions?: readonly Condition[];
  /** Words that the notes, or what stops it, must have. */
  readonly says?: string;
}

/** Whom a resource's own policy lets in from outside. */
interface OpeningCase {
  readonly name: string;
  readonly see?: string;
  readonly world: CaseWorld;
  readonly openings: string;
  /** `public: s3:GetObject`, `account 444455556666: s3:GetObject if aws:SourceIp`, each a line. */
  readonly opens: readonly string[];
}

interface AdministratorCase {
  readonly name: string;
  readonly see?: string;
  readonly world: CaseWorld;
  readonly administrator: string;
  /** Once its own policies are rewritten. */
  readonly elevated?: boolean;
  readonly verdict: AuthorizationVerdict;
  /** By what it may give itself. */
  readonly gives?: AuthorizationVerdict;
}

type Case = PolicyCase | WorldCase | OpeningCase | AdministratorCase;

function check(one: Case): void {
  if (!('world' in one)) {
    checkAnswer(evaluatePolicies(question(one.ask)), one);
    return;
  }
  const iam = buildAuthorizer(caseSnapshot(one.world));
  if ('openings' in one) {
    expect(iam.openings(inFull(one.openings)).map(openingInWords)).toEqual(one.opens);
  } else if ('administrator' in one) {
    const { elevated = false } = one;
    const principal = inFull(one.administrator);
    checkAnswer(iam.isAdministrator(principal, { elevated }), one);
    if (one.gives !== undefined) expect(iam.administration(principal).byWhatItGivesItself.verdict).toBe(one.gives);
  } else {
    const { principal, resource = '*' } = one.ask;
    checkAnswer(iam.evaluate({ ...one.ask, principal: inFull(principal), resource: inFull(resource) }), one);
  }
}

function checkAnswer(
  { verdict, conditions, notes, stoppedBy = [] }: AuthorizationAnswer,
  expected: Pick<WorldCase, 'verdict' | 'conditions' | 'says'>,
): void {
  expect(verdict, JSON.stringify({ conditions, stoppedBy })).toBe(expected.verdict);
  if (expected.conditions) expect(conditions).toEqual(expected.conditions);
  if (expected.says !== undefined) expect([...notes, ...stoppedBy].join('\n')).toContain(expected.says);
}

const openingInWords = ({ to, who, actions, conditions }: PolicyOpening): string => {
  const terms = conditions.map(({ key, operator, values }) => `${key} ${operator} ${values.join(' or ')}`);
  return `${to}${who === '' ? '' : ` ${who}`}: ${actions.join(', ')}${terms.length === 0 ? '' : ` if ${terms.join(' and ')}`}`;
};

const folder = fileURLToPath(new URL('./cases', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(files)('%s', (file) => {
  const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];

  it('names each case once', () => {
    expect(cases.length).toBeGreaterThan(1);
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => check(one));
});
