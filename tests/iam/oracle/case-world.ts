import type { Gap, Json, JsonObject } from '../../../src/model/index.js';
import { type Answer, memorySnapshot, type Snapshot } from '../../../src/snapshot/index.js';
import { arn, type Miniature, miniature } from '../../techniques/miniature.js';

/** The organization of a case, from what it puts where. */
interface CaseOrganization {
  readonly management?: string;
  /** Of every account what stands above it, from the root down. */
  readonly tree: Readonly<Record<string, readonly string[]>>;
  /** Service control policies beside `FullAWSAccess`, by root, unit or account; `null` for one that was not collected. */
  readonly service?: Readonly<Record<string, Json>>;
  /** Roots, units and accounts without `FullAWSAccess`. */
  readonly closed?: readonly string[];
  readonly resource?: Readonly<Record<string, Json>>;
}

/** The accounts that a case is about: a miniature in JSON, with what concerns more than one account. */
export interface CaseWorld extends Miniature {
  readonly organization?: CaseOrganization;
  /** Answers of other accounts: `account/region/service/Operation` → body. */
  readonly elsewhere?: Readonly<Record<string, JsonObject>>;
  readonly gaps?: readonly Gap[];
}

/** When every case's snapshot was made. */
const COLLECTED_AT = '2026-06-01T00:00:00Z';

export function caseSnapshot({ organization, elsewhere = {}, gaps = [], ...world }: CaseWorld): Snapshot {
  const others = Object.entries(elsewhere).map(([place, body]) => answerAt(place, body));
  const all = [...miniature(world).everyAnswer, ...(organization ? organizationOf(organization) : []), ...others];
  // What is said outright goes before what follows from the rest.
  const answers = [...new Map(all.map((answer) => [answer.source, answer])).values()];
  return memorySnapshot({ answers, gaps, collectedAt: COLLECTED_AT });
}

function answerAt(place: string, body: JsonObject): Answer {
  const [account = '', region = '', service = '', operation = ''] = place.split('/');
  return { account, region, service, operation, body, source: `${place}.json` };
}

const KINDS = { service: 'SERVICE_CONTROL_POLICY', resource: 'RESOURCE_CONTROL_POLICY' } as const;
const FULL = { service: 'p-FullAWSAccess', resource: 'p-RCPFullAWSAccess' } as const;

function organizationOf(stated: CaseOrganization): readonly Answer[] {
  const { management = '999988887777', tree, closed = [] } = stated;
  const kinds = (['service', 'resource'] as const).filter((kind) => stated[kind] !== undefined);
  const parents = new Map(
    Object.entries(tree).flatMap(([account, above]) =>
      [...above.slice(1), account].map((child, index) => [child, above[index] ?? ''] as const),
    ),
  );
  const targets = new Set([...parents.keys(), ...parents.values()]);
  const attached: Record<string, JsonObject> = {};
  const policies: Record<string, JsonObject> = {};
  for (const kind of kinds) {
    for (const target of targets) {
      const own = stated[kind]?.[target];
      const id = `p-${kind}-${target}`;
      const ids = [...(closed.includes(target) ? [] : [FULL[kind]]), ...(own === undefined ? [] : [id])];
      attached[`${target}/${KINDS[kind]}`] = { Policies: ids.map((Id) => ({ Id, Type: KINDS[kind] })) };
      if (own === undefined || own === null) continue;
      const Content = JSON.stringify({ Version: '2012-10-17', Statement: own });
      policies[id] = { Policy: { PolicySummary: { Id: id, Type: KINDS[kind] }, Content } };
    }
  }
  const place = (operation: string) => `${management}/global/organizations/${operation}`;
  const root = [...targets].find((target) => target.startsWith('r-')) ?? 'r-1';
  return Object.entries({
    DescribeOrganization: { Organization: { Id: 'o-acme', MasterAccountId: management } },
    ListRoots: { Roots: [{ Id: root, PolicyTypes: kinds.map((k) => ({ Type: KINDS[k], Status: 'ENABLED' })) }] },
    ListParents: Object.fromEntries([...parents].map(([child, Id]) => [child, { Parents: [{ Id }] }])),
    ListPoliciesForTarget: attached,
    DescribePolicy: policies,
  }).map(([operation, body]) => answerAt(place(operation), body as JsonObject));
}

/** `user/ann` and `role/app` are of the account that cases are about; everything else stands for itself. */
export const inFull = (name: string): string =>
  /^(user|role)\//.test(name) || name === 'root' ? arn('iam', name) : name;
