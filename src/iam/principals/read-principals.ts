import { byKey, field, inlinePolicyId, type Json, type JsonObject, objects, tagMap, text } from '../../model/index.js';
import type { Answer, Snapshot } from '../../snapshot/index.js';
import type { OpenTag } from '../authorizer.js';
import type { CompiledDocument, Policy } from '../policy/document.js';

type Compile = (document: Json | undefined) => CompiledDocument;

/** A user or role as it was collected. */
export interface PrincipalRecord {
  readonly id: string;
  readonly kind: 'user' | 'role';
  readonly account: string;
  readonly name: string;
  /** `AIDA…` or `AROA…`; empty where it was not given. */
  readonly uniqueId: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Tags that it is given, by their names in lower case. */
  readonly openTags?: ReadonlyMap<string, OpenTag>;
  /** ARNs of the user's groups, as far as they were collected. */
  readonly groups: readonly string[];
  /** Inline, attached, and those of the user's groups. */
  readonly policies: readonly Policy[];
  /** ARNs of attached policies whose documents were not collected. */
  readonly missing: readonly string[];
  readonly boundary: Policy | undefined;
  readonly boundaryArn: string | undefined;
  /** Of a role: its trust policy. */
  readonly trust: Policy | undefined;
  readonly isServiceLinked: boolean;
}

/** The policies that say what a principal may: its own, and its boundary. */
export const policiesOf = ({ policies, boundary }: PrincipalRecord): readonly Policy[] =>
  boundary ? [...policies, boundary] : policies;

/** Reads every `GetAccountAuthorizationDetails` answer; sorted by id. */
export function readPrincipals(snapshot: Snapshot, compile: Compile): PrincipalRecord[] {
  const records: PrincipalRecord[] = [];
  for (const answer of snapshot.answers('iam', 'GetAccountAuthorizationDetails')) {
    records.push(...readAccount(answer, compile));
  }
  return records.sort(byKey((record) => record.id));
}

function readAccount(answer: Answer, compile: Compile): PrincipalRecord[] {
  const { body, source, account } = answer;
  const managed = new Map<string, Policy>();
  for (const policy of objects(field(body, 'Policies'))) {
    const arn = text(field(policy, 'Arn'));
    const document = defaultDocument(policy);
    if (arn !== undefined && document !== undefined)
      managed.set(arn, { label: arn, document: compile(document), source });
  }
  const reader = new AccountReader(managed, compile, source, account);
  const groups = new Map<string, Attached>();
  for (const group of objects(field(body, 'GroupDetailList'))) {
    const name = text(field(group, 'GroupName'));
    if (name !== undefined)
      groups.set(name, reader.attached(group, 'GroupPolicyList', text(field(group, 'Arn')) ?? name));
  }
  const users = objects(field(body, 'UserDetailList')).map((user) => reader.user(user, groups));
  const roles = objects(field(body, 'RoleDetailList')).map((role) => reader.role(role));
  return [...users, ...roles].filter((record) => record !== undefined);
}

function defaultDocument(policy: JsonObject): Json | undefined {
  const versions = objects(field(policy, 'PolicyVersionList'));
  const id = text(field(policy, 'DefaultVersionId'));
  const version =
    versions.find((v) => field(v, 'IsDefaultVersion') === true) ??
    versions.find((v) => text(field(v, 'VersionId')) === id);
  return field(version, 'Document');
}

interface Attached {
  /** ARN of a group. */
  readonly owner: string;
  readonly policies: readonly Policy[];
  readonly missing: readonly string[];
}

class AccountReader {
  constructor(
    readonly managed: ReadonlyMap<string, Policy>,
    readonly compile: Compile,
    readonly source: string,
    readonly account: string,
  ) {}

  attached(record: JsonObject, inlineList: string, owner: string): Attached {
    const policies: Policy[] = [];
    const missing: string[] = [];
    for (const [index, inline] of objects(field(record, inlineList)).entries()) {
      const name = text(field(inline, 'PolicyName')) ?? String(index);
      policies.push({
        label: inlinePolicyId(owner, name),
        document: this.compile(field(inline, 'PolicyDocument')),
        source: this.source,
      });
    }
    for (const attachment of objects(field(record, 'AttachedManagedPolicies'))) {
      const arn = text(field(attachment, 'PolicyArn')) ?? text(field(attachment, 'PolicyName')) ?? 'an unnamed policy';
      const policy = this.managed.get(arn);
      if (policy) policies.push(policy);
      else missing.push(arn);
    }
    return { owner, policies, missing };
  }

  user(user: JsonObject, groups: ReadonlyMap<string, Attached>): PrincipalRecord | undefined {
    const id = text(field(user, 'Arn'));
    if (id === undefined) return undefined;
    const own = this.attached(user, 'UserPolicyList', id);
    const list = field(user, 'GroupList');
    const names = Array.isArray(list) ? (list as readonly Json[]).filter((name) => typeof name === 'string') : [];
    const parts = [
      own,
      ...names.map((name) => groups.get(name) ?? { owner: '', policies: [], missing: [`group ${name}`] }),
    ];
    return {
      ...this.common(user, id, 'user'),
      groups: names.flatMap((name) => groups.get(name)?.owner ?? []),
      policies: [...new Set(parts.flatMap((part) => part.policies))],
      missing: parts.flatMap((part) => part.missing),
      name: text(field(user, 'UserName')) ?? id.slice(id.lastIndexOf('/') + 1),
      uniqueId: text(field(user, 'UserId')) ?? '',
      trust: undefined,
    };
  }

  role(role: JsonObject): PrincipalRecord | undefined {
    const id = text(field(role, 'Arn'));
    if (id === undefined) return undefined;
    const trust = field(role, 'AssumeRolePolicyDocument');
    const { policies, missing } = this.attached(role, 'RolePolicyList', id);
    return {
      ...this.common(role, id, 'role'),
      groups: [],
      policies,
      missing,
      name: text(field(role, 'RoleName')) ?? id.slice(id.lastIndexOf('/') + 1),
      uniqueId: text(field(role, 'RoleId')) ?? '',
      trust: { label: `${id}#trust`, document: this.compile(trust), source: this.source },
    };
  }

  private common(record: JsonObject, id: string, kind: 'user' | 'role') {
    const boundaryArn = text(field(field(record, 'PermissionsBoundary'), 'PermissionsBoundaryArn'));
    return {
      id,
      kind,
      account: /^arn:[^:]*:iam::(\d{12}):/.exec(id)?.[1] ?? this.account,
      tags: tagMap(field(record, 'Tags')),
      boundaryArn,
      boundary: boundaryArn === undefined ? undefined : this.boundary(boundaryArn),
      isServiceLinked: kind === 'role' && id.includes(':role/aws-service-role/'),
    };
  }

  private boundary(arn: string): Policy {
    const missing = { problem: 'was not collected', statements: [], byService: new Map(), anyService: [] };
    return this.managed.get(arn) ?? { label: arn, document: missing };
  }
}
