import { at, field, type Json, type JsonObject, objects, text } from '../../model/index.js';
import type { CompiledDocument, Policy } from '../policy/document.js';
import { findParents } from './find-parents.js';
import type { OrganizationAnswers } from './organization-answers.js';

export type Compile = (document: Json | undefined) => CompiledDocument;

/** Policies of a kind at one level: root, organizational unit or account. */
export type PolicyLevel = readonly Policy[];

/** What stands above one account in its organization. */
export interface AccountPolicies {
  /** From the root to the account; none where the kind is not in force. */
  readonly serviceControl: readonly PolicyLevel[];
  readonly resourceControl: readonly PolicyLevel[];
  /** Ids from the root to the account's parent. */
  readonly above: readonly string[];
}

const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export interface OrganizationTree {
  /** All that were read. */
  readonly policies: readonly Policy[];
  /** What stands above an account; `undefined` for one whose place in the tree was not collected. */
  find(account: string): AccountPolicies | undefined;
}

export function organizationTree(answers: OrganizationAnswers, compile: Compile): OrganizationTree {
  const roots = answers('ListRoots').flatMap((answer) => objects(field(answer.body, 'Roots')));
  const rootIds = new Set(roots.map((root) => text(field(root, 'Id'))).filter((one) => one !== undefined));
  const attachments = readAttachments(answers);
  const parents = findParents(answers);
  const documents = readPolicies(answers, compile);
  const inForce = (kind: string): boolean => isInForce(roots, kind, attachments);
  const levels = (chain: readonly string[], kind: string): readonly PolicyLevel[] =>
    inForce(kind) ? chain.map((target) => levelPolicies(target, kind, attachments, documents, compile)) : [];
  const find = (account: string): AccountPolicies | undefined => {
    const chain = chainTo(account, parents, rootIds);
    return (
      chain && {
        serviceControl: levels(chain, 'SERVICE_CONTROL_POLICY'),
        resourceControl: levels(chain, 'RESOURCE_CONTROL_POLICY'),
        above: chain.slice(0, -1),
      }
    );
  };
  return { policies: [...documents.values()], find };
}

/** Targets from the root down to the account. */
function chainTo(
  account: string,
  parents: ReadonlyMap<string, string>,
  roots: ReadonlySet<string>,
): readonly string[] | undefined {
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
function readAttachments(answers: OrganizationAnswers): ReadonlyMap<string, ReadonlySet<string>> {
  const attachments = new Map<string, Set<string>>();
  const attach = (target: string, kind: string, policy: string | undefined): void => {
    const key = `${target}/${kind}`;
    const ids = attachments.get(key) ?? new Set();
    if (policy !== undefined) ids.add(policy);
    attachments.set(key, ids);
  };
  for (const { body } of answers('ListPoliciesForTarget')) {
    for (const [asked, answer] of Object.entries(body)) {
      const [target = '', kind] = asked.split('/');
      if (kind !== undefined) attach(target, kind, undefined);
      for (const policy of objects(field(answer, 'Policies'))) {
        attach(target, kind ?? text(field(policy, 'Type')) ?? 'SERVICE_CONTROL_POLICY', text(field(policy, 'Id')));
      }
    }
  }
  const kinds = new Map<string, string>();
  for (const { body } of answers('DescribePolicy')) {
    for (const [id, answer] of Object.entries(body)) {
      kinds.set(id, text(at(answer, 'Policy', 'PolicySummary', 'Type')) ?? 'SERVICE_CONTROL_POLICY');
    }
  }
  for (const { body } of answers('ListTargetsForPolicy')) {
    for (const [id, answer] of Object.entries(body)) {
      for (const target of objects(field(answer, 'Targets'))) {
        attach(text(field(target, 'TargetId')) ?? '', kinds.get(id) ?? 'SERVICE_CONTROL_POLICY', id);
      }
    }
  }
  return attachments;
}

function readPolicies(answers: OrganizationAnswers, compile: Compile): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>();
  for (const { body, source } of answers('DescribePolicy')) {
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
  if (!ids) return [uncollectedPolicy(`${kind} of ${target}`, 'was not collected')];
  return [...ids].sort().map((id) => {
    const policy = documents.get(id);
    if (policy) return policy;
    if (id === 'p-FullAWSAccess' || id === 'p-RCPFullAWSAccess') return { label: id, document: compile(FULL_ACCESS) };
    return uncollectedPolicy(id, 'was not collected');
  });
}

/** A policy that may say anything. */
export const uncollectedPolicy = (label: string, problem: string): Policy => ({
  label,
  document: { problem, statements: [], byService: new Map(), anyService: [] },
});

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
