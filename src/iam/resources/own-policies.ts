import { at, bareOf, field, type Json, objects, partitionOf, text } from '../../model/index.js';
import type { Answer, Snapshot } from '../../snapshot/index.js';
import { splitArn } from '../matching/arn-pattern.js';
import { type CompiledDocument, mapPrincipals, type Policy } from '../policy/document.js';
import type { PrincipalEntry } from '../policy/principal-element.js';
import type { PrincipalRecord } from '../principals/read-principals.js';

type Compile = (document: Json | undefined) => CompiledDocument;

interface PolicyOperation {
  /** The IAM prefix of the service's ARNs. */
  readonly arnService: string;
  /** The SDK client. */
  readonly client: string;
  readonly operation: string;
  /** Where the operation lists resources instead of being asked about one: the field of the list, and the field that names a resource. */
  readonly list?: readonly [items: string, name: string];
  /** The document in the answer for one resource. */
  document(answer: Json | undefined): Json | undefined;
  /** The ARN of the resource that the answer is about. */
  arn(key: string, answer: Json | undefined, place: Answer): string;
}

const arnOr =
  (service: string, prefix: string, stated: (answer: Json | undefined) => Json | undefined = () => undefined) =>
  (key: string, answer: Json | undefined, { region, account }: Answer): string => {
    if (key.startsWith('arn:')) return key;
    return text(stated(answer)) ?? `arn:${partitionOf(region)}:${service}:${region}:${account}:${prefix}${key}`;
  };

/** Where each service answers with the policy of one resource. */
const OPERATIONS: readonly PolicyOperation[] = [
  {
    arnService: 's3',
    client: 's3',
    operation: 'GetBucketPolicy',
    document: (answer) => field(answer, 'Policy'),
    arn: (key, _, { region }) => `arn:${partitionOf(region)}:s3:::${key}`,
  },
  {
    arnService: 'kms',
    client: 'kms',
    operation: 'GetKeyPolicy',
    document: (answer) => field(answer, 'Policy'),
    arn: arnOr('kms', 'key/'),
  },
  {
    arnService: 'secretsmanager',
    client: 'secrets-manager',
    operation: 'GetResourcePolicy',
    document: (answer) => field(answer, 'ResourcePolicy'),
    arn: arnOr('secretsmanager', 'secret:', (answer) => field(answer, 'ARN')),
  },
  {
    arnService: 'lambda',
    client: 'lambda',
    operation: 'GetPolicy',
    document: (answer) => field(answer, 'Policy'),
    arn: arnOr('lambda', 'function:'),
  },
  {
    arnService: 'sqs',
    client: 'sqs',
    operation: 'GetQueueAttributes',
    document: (answer) => at(answer, 'Attributes', 'Policy'),
    arn: (key, answer, place) =>
      text(at(answer, 'Attributes', 'QueueArn')) ??
      arnOr('sqs', '')(key.startsWith('arn:') ? key : key.slice(key.lastIndexOf('/') + 1), answer, place),
  },
  {
    arnService: 'sns',
    client: 'sns',
    operation: 'GetTopicAttributes',
    document: (answer) => at(answer, 'Attributes', 'Policy'),
    arn: arnOr('sns', '', (answer) => at(answer, 'Attributes', 'TopicArn')),
  },
  {
    arnService: 'ecr',
    client: 'ecr',
    operation: 'GetRepositoryPolicy',
    document: (answer) => field(answer, 'policyText'),
    arn: arnOr('ecr', 'repository/'),
  },
  {
    arnService: 'dynamodb',
    client: 'dynamodb',
    operation: 'GetResourcePolicy',
    document: (answer) => field(answer, 'Policy'),
    arn: arnOr('dynamodb', 'table/'),
  },
  {
    arnService: 'es',
    client: 'opensearch',
    operation: 'DescribeDomains',
    list: ['DomainStatusList', 'DomainName'],
    document: (answer) => field(answer, 'AccessPolicies'),
    arn: arnOr('es', 'domain/', (answer) => field(answer, 'ARN')),
  },
];

/** Services (by the prefix of their actions) whose resources have policies of their own that are read; those of STS are about roles. */
const WITH_POLICIES: ReadonlySet<string> = new Set([...OPERATIONS.map(({ arnService }) => arnService), 'sts']);

/** Whether a policy of a resource may allow actions of a service. */
export const hasResourcePolicies = (service: string): boolean => WITH_POLICIES.has(service);

/** Whether resources of a service are told apart by their names and tags alone: they have no policies of their own, nor are they principals. */
export const isPlainService = (service: string): boolean => !WITH_POLICIES.has(service) && service !== 'iam';

/** What is known of a resource's own policy. */
export type OwnPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'none' }
  /** Asked and refused. */
  | { readonly kind: 'gap'; readonly why: string }
  /** Not asked. */
  | { readonly kind: 'missing'; readonly why: string }
  /** Of a bucket that no collected account has. */
  | { readonly kind: 'elsewhere'; readonly why: string };

const NONE: OwnPolicy = { kind: 'none' };

export interface OwnPolicies {
  /** `arn` of a bucket, key, function, … itself, not of a part of it. */
  of(arn: string, region: string | undefined, account: string | undefined): OwnPolicy;
  /** ARNs of all resources that have one, sorted. */
  readonly arns: readonly string[];
  /** All that were read. */
  readonly policies: readonly Policy[];
}

export function readOwnPolicies(
  snapshot: Snapshot,
  records: readonly PrincipalRecord[],
  canonicalIds: ReadonlyMap<string, string>,
  compileAny: Compile,
): OwnPolicies {
  const compile: Compile = (stated) =>
    mapPrincipals(compileAny(stated), (entry) => accountOfCanonical(entry, canonicalIds));
  const found = new Map<string, Policy>();
  for (const record of records) if (record.trust) found.set(record.id, record.trust);
  for (const operation of OPERATIONS) readOperation(snapshot, operation, compile, found);
  const gaps = readGaps(snapshot);
  const services = new Map(OPERATIONS.map((operation) => [operation.arnService, operation]));
  const areBucketsListed =
    snapshot.accounts.length > 0 &&
    snapshot.accounts.every(({ id }) => snapshot.coverage(id, 'global', 's3', 'ListBuckets') === 'answered');
  return {
    arns: [...found.keys()].sort(),
    policies: [...found.values()],
    of: (arn, region, account) => {
      const policy = found.get(arn);
      if (policy) return { kind: 'policy', policy };
      const service = splitArn(arn)[2] ?? '';
      const operation = services.get(service);
      if (service === 's3' && account === undefined && areBucketsListed && isBucket(arn))
        return { kind: 'elsewhere', why: 'it is in no collected account: whose it is, and its policy, are not known' };
      if (!operation || account === undefined) return NONE;
      const name = bareOf(arn);
      const gap =
        gaps.get(`${operation.client}/${operation.operation}/${name}`) ??
        gaps.get(`${operation.client}/${operation.operation}/${arn}`);
      if (gap !== undefined) return { kind: 'gap', why: gap };
      if (region === undefined) return NONE;
      const coverage = snapshot.coverage(account, region, operation.client, operation.operation);
      if (coverage === 'answered') return NONE;
      const why = `${operation.client}/${operation.operation} of account ${account} in ${region} was not collected`;
      return { kind: coverage, why };
    },
  };
}

/** A canonical id says which account is meant, as its number does. */
function accountOfCanonical(entry: PrincipalEntry, canonicalIds: ReadonlyMap<string, string>): PrincipalEntry {
  const account = entry.kind === 'canonical' ? canonicalIds.get(entry.id) : undefined;
  return account === undefined ? entry : { kind: 'account', account };
}

const isBucket = (arn: string): boolean => /^arn:[^:]*:s3:::[^*?]+$/.test(arn);

function readOperation(
  snapshot: Snapshot,
  operation: PolicyOperation,
  compile: Compile,
  found: Map<string, Policy>,
): void {
  for (const place of snapshot.answers(operation.client, operation.operation)) {
    for (const [key, answer] of recordsIn(operation, place)) {
      const document = operation.document(answer);
      if (document === undefined || document === null || document === '') continue;
      const arn = operation.arn(key, answer, place);
      found.set(arn, { label: `${arn}#policy`, document: compile(document), source: place.source });
    }
  }
}

/** What the operation says of each resource, by the key or name that it goes by. */
function recordsIn({ list }: PolicyOperation, { body }: Answer): readonly (readonly [string, Json | undefined])[] {
  if (!list) return Object.entries(body);
  const [items, name] = list;
  return objects(field(body, items)).flatMap((item) => {
    const key = text(field(item, name));
    return key === undefined ? [] : [[key, item] as const];
  });
}

/** Refused calls about one resource: what the gap says, by operation and resource. */
function readGaps(snapshot: Snapshot): ReadonlyMap<string, string> {
  const gaps = new Map<string, string>();
  for (const { service, operation, resource, error } of snapshot.gaps) {
    if (resource !== undefined)
      gaps.set(`${service}/${operation}/${resource}`, `${service}/${operation} of ${resource}: ${error}`);
  }
  return gaps;
}
