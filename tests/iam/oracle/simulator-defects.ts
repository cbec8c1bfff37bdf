import type { PolicyEvaluation } from '../../../src/iam/index.js';
import { field, isObject, type Json, type JsonObject, objects, parseArn } from '../../../src/model/index.js';
import type { SimulatedVerdict } from './simulate.js';

/**
 * Something that the simulator judges otherwise than AWS documents. `explains` is true where the defect can be the reason
 * of a disagreement: its ingredients are all there. Only disagreements are looked at, so what the defect does not change
 * is still compared.
 */
export interface SimulatorDefect {
  readonly id: string;
  readonly what: string;
  readonly see: string;
  explains(evaluation: PolicyEvaluation, ours: string, theirs: SimulatedVerdict): boolean;
}

interface Stated {
  readonly kind: 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'resource' | 'endpoint';
  readonly statement: JsonObject;
  readonly hasVariables: boolean;
}

const statementsOf = (document: Json): readonly JsonObject[] => {
  const statement = field(document, 'Statement');
  return isObject(statement) ? [statement] : objects(statement);
};

function statements(evaluation: PolicyEvaluation): readonly Stated[] {
  const of = (kind: Stated['kind'], policies: readonly ({ document: Json } | undefined)[]): Stated[] =>
    policies.flatMap((policy) =>
      policy === undefined
        ? []
        : statementsOf(policy.document).map((statement) => ({
            kind,
            statement,
            hasVariables: field(policy.document, 'Version') === '2012-10-17',
          })),
    );
  return [
    ...of('identity', evaluation.identityPolicies ?? []),
    ...of('boundary', [evaluation.permissionsBoundary]),
    ...of('session', [evaluation.sessionPolicy]),
    ...of('scp', (evaluation.serviceControlPolicies ?? []).flat()),
    ...of('rcp', (evaluation.resourceControlPolicies ?? []).flat()),
    ...of('resource', [evaluation.resourcePolicy]),
    ...of('endpoint', [evaluation.vpcEndpointPolicy]),
  ];
}

/** A single value or a list of them, as texts. */
const many = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : [value]).flatMap((item) =>
    typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? [`${item}`] : [],
  );

interface Test {
  readonly stated: Stated;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** The request's values of the key; `undefined` where it has none. */
  readonly actual: readonly string[] | undefined;
}

function contextOf(evaluation: PolicyEvaluation): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(evaluation.context ?? {}).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]),
  );
}

function conditionTests(evaluation: PolicyEvaluation): readonly Test[] {
  const context = contextOf(evaluation);
  return statements(evaluation).flatMap((stated) => {
    const block = field(stated.statement, 'Condition');
    if (!isObject(block)) return [];
    return Object.entries(block).flatMap(([operator, keys]) =>
      isObject(keys)
        ? Object.entries(keys).map(([key, values]) => ({
            stated,
            operator,
            key,
            values: many(values),
            actual: context.get(key.toLowerCase()),
          }))
        : [],
    );
  });
}

/** `${key}` without a default, for a key that the request lacks. */
function hasNullVariable(text: string, context: ReadonlyMap<string, readonly string[]>): boolean {
  return [...text.matchAll(/\$\{([^},]+)\}/g)].some(
    ([, name = '']) => name.length > 1 && !context.has(name.toLowerCase()),
  );
}

/** `*` means the session itself too, unlike its role's ARN. */
function namesDirectly(principal: Json | undefined, session: string): boolean {
  const named = principal === '*' ? ['*'] : many(field(principal, 'AWS'));
  return named.includes('*') || named.includes(session);
}

const isAddress6 = (address: string): boolean => address.includes(':');

export const SIMULATOR_DEFECTS: readonly SimulatorDefect[] = [
  {
    id: 'negated-operator-with-null-variable',
    what: 'A negated operator whose policy value holds a variable without a value matches; the simulator says that it does not.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value',
    explains: (evaluation) => {
      const context = contextOf(evaluation);
      return conditionTests(evaluation).some(
        ({ stated, operator, values, actual }) =>
          stated.hasVariables &&
          actual !== undefined &&
          /Not(Equals|EqualsIgnoreCase|Like)(IfExists)?$/.test(operator) &&
          values.some((value) => hasNullVariable(value, context)),
      );
    },
  },
  {
    id: 'not-resource-with-null-variable',
    what: 'A NotResource whose pattern holds a variable without a value excludes nothing; the simulator drops the statement.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value',
    explains: (evaluation) => {
      const context = contextOf(evaluation);
      return statements(evaluation).some(
        ({ statement, hasVariables }) =>
          hasVariables && many(field(statement, 'NotResource')).some((pattern) => hasNullVariable(pattern, context)),
      );
    },
  },
  {
    id: 'empty-value-of-a-variable',
    what: 'A key that is there with an empty value, such as a tag without one, is a value; the simulator takes it for no value.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value',
    explains: (evaluation) => {
      const empty = [...contextOf(evaluation)].filter(([, values]) => values.includes('')).map(([key]) => key);
      const stated = JSON.stringify(statements(evaluation).map(({ statement }) => statement)).toLowerCase();
      return empty.some((key) => stated.includes(`\${${key}`));
    },
  },
  {
    id: 'variables-before-2012',
    what: 'Policies of version 2008-10-17 (the default) have no variables; the simulator substitutes them all the same.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html',
    explains: (evaluation) =>
      statements(evaluation).some(
        ({ statement, hasVariables }) => !hasVariables && JSON.stringify(statement).includes('${'),
      ),
  },
  {
    id: 'not-ip-address-of-the-other-family',
    what: 'An IPv6 address is not a single IPv4 address (and the reverse), so NotIpAddress matches; the simulator says no.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress',
    explains: (evaluation) =>
      conditionTests(evaluation).some(
        ({ operator, values, actual }) =>
          operator.includes('NotIpAddress') &&
          actual?.some((address) =>
            values.some((value) => !value.includes('/') && isAddress6(value) !== isAddress6(address)),
          ) === true,
      ),
  },
  {
    id: 'session-policy-against-a-grant-to-the-session',
    what: 'A resource policy that names the session itself, or everybody, is not limited by what the session policy lacks; the simulator limits it.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session',
    explains: (evaluation, ours, theirs) =>
      ours === 'allowed' &&
      theirs === 'implicit-deny' &&
      evaluation.sessionPolicy !== undefined &&
      parseArn(evaluation.principal)?.account === evaluation.resourceAccount &&
      statements(evaluation).some(
        ({ kind, statement }) =>
          kind === 'resource' &&
          field(statement, 'Effect') === 'Allow' &&
          namesDirectly(field(statement, 'Principal'), evaluation.principal),
      ),
  },
  {
    id: 'role-without-a-session-name',
    what: 'To us a role as principal is one of its sessions, we do not know which; the simulator takes it for the role and no session.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session',
    explains: (evaluation, ours, theirs) => {
      const role = parseArn(evaluation.principal);
      // Some session may be denied explicitly and the others implicitly: which of the two is said makes no difference.
      const isOnlyOneOfThem = ours === 'depends' || (ours.endsWith('-deny') && theirs.endsWith('-deny'));
      if (!isOnlyOneOfThem || role === undefined || !role.resource.startsWith('role/')) return false;
      const sessions = `arn:${role.partition}:sts::${role.account}:assumed-role/${role.resource.split('/').at(-1)}/`;
      return JSON.stringify(evaluation.resourcePolicy ?? null).includes(sessions);
    },
  },
  {
    id: 'not-principal-and-accounts',
    what: 'NotPrincipal exempts an account’s users and roles where it lists them beside their account; the simulator is content with either.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
    explains: (evaluation, ours, theirs) => {
      const account = parseArn(evaluation.principal)?.account;
      return (
        (ours === 'explicit-deny' || ours === 'depends') &&
        theirs !== 'explicit-deny' &&
        account !== undefined &&
        statements(evaluation).some(({ statement }) =>
          many(field(field(statement, 'NotPrincipal'), 'AWS')).some((listed) => listed.includes(account)),
        )
      );
    },
  },
  {
    id: 'root-users-and-roles',
    what: 'AWS lets no root user assume a role; the simulator looks at policies alone.',
    see: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
    explains: ({ principal, action }, ours) =>
      ours === 'implicit-deny' && principal.endsWith(':root') && action.toLowerCase() === 'sts:assumerole',
  },
  {
    id: 'all-addresses',
    what: '0.0.0.0/0 holds every IPv4 address; the simulator shifts by 32 bits, which in JavaScript is by none, so it holds one.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress',
    explains: (evaluation) =>
      conditionTests(evaluation).some(
        ({ operator, values, actual }) =>
          operator.includes('IpAddress') &&
          values.includes('0.0.0.0/0') &&
          actual?.some((address) => !isAddress6(address)) === true,
      ),
  },
  {
    id: 'special-characters-in-exact-operators',
    what: '${*}, ${?} and ${$} stand for the character in every string that may hold variables; the simulator knows them in Like alone.',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars',
    explains: (evaluation) =>
      conditionTests(evaluation).some(
        ({ stated, operator, values, actual }) =>
          stated.hasVariables &&
          actual !== undefined &&
          /String(Not)?Equals/.test(operator) &&
          values.some((value) => /\$\{[*?$]\}/.test(value)),
      ),
  },
];
