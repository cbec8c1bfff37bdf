import { at, field, type Json, type JsonObject, objects, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';
import type { CompiledDocument, Policy } from '../policy/document.js';
import { findParents } from './find-parents.js';

type Compile = (document: Json | undefined) => CompiledDocument;

/** Policies of a kind at one level: root, organizational unit or account. */
export type PolicyLevel = readonly Policy[];

/** What an organization puts on one of its accounts. */
export interface AccountPolicies {
  /** From the root to the account; none where the kind is not in force. */
  readonly serviceControl: readonly PolicyLevel[];
  readonly resourceControl: readonly PolicyLevel[];
  /** `o-abc/r-root/ou-x/`, the value of `aws:PrincipalOrgPaths`; absent where the place in the tree is not known. */
  readonly path: string | undefined;
}

export interface Organization {
  readonly id: string | undefined;
  readonly managementAccount: string | undefined;
  /** Absent for an account that is not known to be a member. */
  policiesOf(account: string): AccountPolicies | undefined;
}

const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** The organization that the snapshot tells of; `undefined` where it tells of none. */
export function readOrganization(snapshot: Snapshot, compile: Compile): Organization | undefined {
  const described = firstObject(snapshot, 'DescribeOrganization', 'Organization');
  const roots = snapshot.answers('organizations', 'ListRoots').flatMap((a) => objects(field(a.body, 'Roots')));
  const attachments = readAttachments(snapshot);
  if (!described && roots.length === 0 && attachments.size === 0) return undefined;
  const id = text(field(described, 'Id'));
  const managementAccount = text(field(described, 'MasterAccountId')) ?? text(field(described, 'ManagementAccountId'));
  const parents = findParents(snapshot);
  const documents = readPolicies(snapshot, compile);
  const level = (target: string, kind: string) => levelPolicies(target, kind, attachments, documents, compile);
  const known = new Map<string, AccountPolicies | undefined>();
  const rootIds = new Set(roots.map((root) => text(field(root, 'Id'))).filter((one) => one !== undefined));
  const inForce = (kind: string) => isInForce(roots, kind, attachments);
  const find = (account: string): AccountPolicies | undefined => {
    const chain = chainTo(account, parents, rootIds);
    if (!chain) return attachments.size === 0 && roots.length === 0 ? undefined : outOfTree(account, parents, id);
    const levels = (kind: string) => (inForce(kind) ? chain.map((target) => level(target, kind)) : []);
    return {
      serviceControl: account === managementAccount ? [] : levels('SERVICE_CONTROL_POLICY'),
      resourceControl: account === managementAccount ? [] : levels('RESOURCE_CONTROL_POLICY'),
      path: id === undefined ? undefined : `${[id, ...chain.slice(0, -1)].join('/')}/`,
    };
  };
  return {
    id,
    managementAccount,
    policiesOf: (account) => {
      if (!known.has(account)) known.set(account, find(account));
      return known.get(account);
    },
  };
}

/** An account whose place in a known tree was not collected: what stands above it is unknown. */
function outOfTree(
  account: string,
  parents: ReadonlyMap<string, string>,
  id: string | undefined,
): AccountPolicies | undefined {
  if (parents.size > 0 || id === undefined) return undefined;
  const problem = 'its place in the organization was not collected';
  const unknown: Policy = { label: `organization policies of ${account}`, document: unreadable(problem) };
  return { serviceControl: [[unknown]], resourceControl: [], path: undefined };
}

function unreadable(problem: string): CompiledDocument {
  return { problem, statements: [], byService: new Map(), anyService: [] };
}

function firstObject(snapshot: Snapshot, operation: string, key: string): JsonObject | undefined {
  for (const answer of snapshot.answers('organizations', operation)) {
    const found = field(answer.body, key);
    if (found !== undefined && found !== null && typeof found === 'object' && !Array.isArray(found))
      return found as JsonObject;
  }
  return undefined;
}

/** Targets from the root down to the account. */
function chainTo(
  account: string,
  parents: ReadonlyMap<string, string>,
  roots: ReadonlySet<string>,
): string[] | undefined {
  const chain = [account];
  for (
    let parent = parents.get(account);
    parent !== undefined && !chain.includes(parent);
    parent = parents.get(parent)
  ) {
    chain.unshift(parent);
  }
  const [top] = chain;
  return top !== undefined && chain.length > 1 && (roots.has(top) || top.startsWith('r-')) ? chain : undefined;
}

/** Attached policy ids by `<target>/<kind>`. */
function readAttachments(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const attachments = new Map<string, Set<string>>();
  const attach = (target: string, kind: string, policy: string | undefined) => {
    const key = `${target}/${kind}`;
    const ids = attachments.get(key) ?? new Set();
    if (policy !== undefined) ids.add(policy);
    attachments.set(key, ids);
  };
  for (const { body } of snapshot.answers('organizations', 'ListPoliciesForTarget')) {
    for (const [asked, answer] of Object.entries(body)) {
      const [target = '', kind] = asked.split('/');
      if (kind !== undefined) attach(target, kind, undefined);
      for (const policy of objects(field(answer, 'Policies'))) {
        attach(target, kind ?? text(field(policy, 'Type')) ?? 'SERVICE_CONTROL_POLICY', text(field(policy, 'Id')));
      }
    }
  }
  const kinds = new Map<string, string>();
  for (const { body } of snapshot.answers('organizations', 'DescribePolicy')) {
    for (const [id, answer] of Object.entries(body)) {
      kinds.set(id, text(at(answer, 'Policy', 'PolicySummary', 'Type')) ?? 'SERVICE_CONTROL_POLICY');
    }
  }
  for (const { body } of snapshot.answers('organizations', 'ListTargetsForPolicy')) {
    for (const [id, answer] of Object.entries(body)) {
      for (const target of objects(field(answer, 'Targets'))) {
        attach(text(field(target, 'TargetId')) ?? '', kinds.get(id) ?? 'SERVICE_CONTROL_POLICY', id);
      }
    }
  }
  return attachments;
}

function readPolicies(snapshot: Snapshot, compile: Compile): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>();
  for (const { body, source } of snapshot.answers('organizations', 'DescribePolicy')) {
    for (const [id, answer] of Object.entries(body)) {
      const content = at(answer, 'Policy', 'Content');
      if (content === undefined) continue;
      const arn = text(at(answer, 'Policy', 'PolicySummary', 'Arn'));
      policies.set(id, { label: arn ?? id, document: compile(content), source });
    }
  }
  return policies;
}

function levelPolicies(
  target: string,
  kind: string,
  attachments: ReadonlyMap<string, ReadonlySet<string>>,
  documents: ReadonlyMap<string, Policy>,
  compile: Compile,
): PolicyLevel {
  const ids = attachments.get(`${target}/${kind}`);
  if (!ids) return [{ label: `${kind} of ${target}`, document: unreadable('was not collected') }];
  return [...ids].sort().map((id) => {
    const policy = documents.get(id);
    if (policy) return policy;
    if (id === 'p-FullAWSAccess' || id === 'p-RCPFullAWSAccess') return { label: id, document: compile(FULL_ACCESS) };
    return { label: id, document: unreadable('was not collected') };
  });
}

/** A kind of policy counts where the root has it enabled; where the root does not say, where something of the kind is attached. */
function isInForce(
  roots: readonly JsonObject[],
  kind: string,
  attachments: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const types = roots.flatMap((root) => objects(field(root, 'PolicyTypes')));
  if (types.length > 0) {
    return types.some((type) => text(field(type, 'Type')) === kind && text(field(type, 'Status')) === 'ENABLED');
  }
  for (const [key, ids] of attachments) if (key.endsWith(`/${kind}`) && ids.size > 0) return true;
  return false;
}
