import type { Grant } from '../iam/index.js';
import { type Asset, byCode, type Condition, groupBy, onceFor, parseArn, sortedUnique } from '../model/index.js';
import { accountOfAdmin, adminId } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { conditionsOfSteps, distinctConditions } from './proof-steps.js';
import type { DataRight, DataWithin, ReportStep } from './report.js';
import { isSooner, type Signer, soonestOf } from './signers.js';
import { KEY_CALLS, type Right, STORE_CALLS, type StoreCall } from './store-calls.js';

/** A right that steps of techniques give; none where it is held. */
export interface RightBySteps {
  readonly asset: string;
  readonly right: Right;
  readonly steps: readonly ReportStep[];
}

/** A right on a store that was found, by whom and how soon. */
interface Found extends DataRight {
  readonly asset: string;
  /** All calls that it takes, where it is had by calls. */
  readonly calls?: readonly string[];
}

/** Data within reach. */
export interface Within {
  readonly data: readonly DataWithin[];
  /** Every call by which some of it may be changed or destroyed, also where another is told as the best. */
  readonly calls: readonly string[];
  /** Techniques that say less of what is done than the calls, wherever they are used. */
  readonly toldByCalls: ReadonlySet<string>;
}

const RIGHTS: readonly Right[] = ['read', 'write', 'destroy'];

/**
 * Which data the intruder reads, changes and destroys, the soonest first. Reading is what steps of techniques give; changing and destroying also what
 * the principals that are had may call. All that an account holds stands as one, from where its administrator is had.
 * @param administrations ids of administering an account, each with after how many steps that is had
 */
export function dataWithin(
  attack: AttackGraph,
  administrations: readonly (readonly [account: string, steps: number])[],
  rightsOfSteps: readonly RightBySteps[],
  signers: readonly Signer[],
): Within {
  const administered = new Map(administrations);
  const called = [...STORE_CALLS].flatMap(([type, calls]) => {
    const stores = attack.graph.assetsOfType(type);
    return calls.flatMap((call) => byCall(attack, stores, call, signers));
  });
  const ofKeys = byKeys(attack, signers);
  const isCalled = new Set(called.map(({ asset }) => asset));
  const bySteps = rightsOfSteps.flatMap(ofSteps);
  const isToldByCalls = ({ how, asset }: Found): boolean => CHANGES.has(how) && isCalled.has(asset);
  const untold = new Set(bySteps.filter((one) => !isToldByCalls(one)).map(({ how }) => how));
  const found: Found[] = [...bySteps.filter((one) => !isToldByCalls(one)), ...called, ...ofKeys];
  const isSaidByAccount = ({ asset, steps }: Found): boolean => {
    const admin = administered.get(adminId(attack.graph.asset(asset)?.account ?? ''));
    return admin !== undefined && admin <= steps;
  };
  const byAsset = groupBy(
    found.filter((right) => !isSaidByAccount(right)),
    ({ asset }) => asset,
  );
  const stores = [...byAsset].map(([asset, own]) => dataOf(attack, asset, own));
  const accounts = [...administered].map(([asset, steps]) => dataOfAccount(attack, asset, steps));
  return {
    data: [...stores, ...accounts].sort(
      (a, b) => soonest(a) - soonest(b) || b.rights.length - a.rights.length || byCode(a.asset, b.asset),
    ),
    calls: sortedUnique([...called, ...ofKeys].flatMap(({ calls = [] }) => calls)),
    toldByCalls: new Set([...CHANGES].filter((technique) => !untold.has(technique))),
  };
}

/** Techniques that do not tell changing from deleting: the calls do. */
const CHANGES: ReadonlySet<string> = new Set(['s3-write', 'dynamodb-write']);

const soonest = ({ rights }: DataWithin): number => Math.min(...rights.map(({ steps }) => steps));

function dataOf({ graph }: AttackGraph, asset: string, found: readonly Found[]): DataWithin {
  const known = graph.asset(asset);
  const rights = RIGHTS.flatMap((right): DataRight[] => {
    let best: Found | undefined;
    for (const one of found) if (one.right === right && (!best || isSooner(one, best))) best = one;
    if (!best) return [];
    const { asset: _, calls: __, ...rest } = best;
    return [rest];
  });
  return {
    asset,
    type: known?.type ?? '',
    ...(known?.name !== undefined && { name: known.name }),
    stores: 1,
    rights,
  };
}

function dataOfAccount({ graph }: AttackGraph, asset: string, steps: number): DataWithin {
  const stores = storesByAccount(graph).get(accountOfAdmin(asset) ?? '') ?? 0;
  const rights = RIGHTS.map((right) => ({ right, steps, by: asset, how: 'account-administrator', conditions: [] }));
  return { asset, type: 'aws:admin', stores, rights };
}

const storesByAccount = onceFor((graph: AttackGraph['graph']): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const type of STORE_CALLS.keys())
    for (const { account } of graph.assetsOfType(type)) counts.set(account, (counts.get(account) ?? 0) + 1);
  return counts;
});

/** A login that was set by the intruder, or that of the master user, may do everything in the database; of another it is not known. */
const MASTERS = new Set(['rds-master-password', 'rds-managed-secret']);
const LOGINS = new Set(['rds-login', 'rds-data-api', 'rds-found-credential', 'rds-iam-authentication']);

function ofSteps({ asset, right, steps }: RightBySteps): readonly Found[] {
  const last = steps.at(-1);
  const conditions = conditionsOfSteps(steps);
  const one = (of: Right, more: readonly Condition[] = []): Found => ({
    asset,
    right: of,
    steps: steps.length,
    by: last?.from ?? asset,
    how: last?.technique ?? 'held',
    conditions: distinctConditions([...conditions, ...more]),
  });
  if (right !== 'read' || last === undefined || !LOGINS.has(last.technique)) return [one(right)];
  const isMaster = steps.some(({ technique }) => MASTERS.has(technique));
  const open: readonly Condition[] = isMaster
    ? []
    : [
        {
          key: 'rights in the database',
          operator: 'Known',
          values: [`what the login may do in ${asset} is not collected`],
        },
      ];
  return [one('read'), one('write', open), one('destroy', open)];
}

/** The stores on which some signer may make all calls. */
function byCall(
  attack: AttackGraph,
  stores: readonly Asset[],
  { right, actions, resource, works }: StoreCall,
  signers: readonly Signer[],
): readonly Found[] {
  const [how] = actions;
  return allowedOn(attack, stores, actions, resource, signers).flatMap(({ store, signer, conditions }) => {
    const answer = works?.(store) ?? 'yes';
    if (answer === 'no') return [];
    const open = answer === 'yes' ? [] : answer;
    return [
      {
        asset: store.id,
        right,
        steps: signer.steps + 1,
        by: signer.principal,
        how,
        calls: actions,
        conditions: distinctConditions([...signer.conditions, ...conditions, ...open]),
      },
    ];
  });
}

/** What is encrypted under a key that some signer may delete or turn off. */
function byKeys(attack: AttackGraph, signers: readonly Signer[]): readonly Found[] {
  const { graph } = attack;
  const under = (key: string): readonly string[] =>
    graph
      .incoming(key, 'encrypted-with')
      .flatMap(({ from }) => (STORE_CALLS.has(graph.asset(from)?.type ?? '') ? [from] : []));
  const keys = graph.assetsOfType('kms:key');
  return KEY_CALLS.flatMap((call) =>
    byCall(attack, keys, call, signers).flatMap((found) => under(found.asset).map((asset) => ({ ...found, asset }))),
  );
}

interface Allowed {
  readonly store: Asset;
  readonly signer: Signer;
  readonly conditions: readonly Condition[];
}

/** Of each store the soonest signer who may make all calls on it, and the soonest who certainly may. */
function allowedOn(
  attack: AttackGraph,
  stores: readonly Asset[],
  actions: readonly string[],
  partOf: StoreCall['resource'],
  signers: readonly Signer[],
): readonly Allowed[] {
  if (stores.length === 0 || signers.length === 0) return [];
  const best = new Map<string, Allowed>();
  // An ARN without an account says nothing of whose it is: only principals of the owner are asked about.
  const places = groupBy(stores, ({ id, account, type }) =>
    parseArn(id)?.account === '' && type !== 's3:bucket' ? account : '',
  );
  for (const [account, own] of places) {
    const asked = new Map(own.map((store) => [partOf?.(store.id) ?? store.id, store]));
    const ofPlace = signers.filter(({ principal }) => account === '' || parseArn(principal)?.account === account);
    for (const elevated of [false, true]) {
      const able = ofPlace.filter((signer) => !elevated || signer.elevated);
      if (able.length === 0) continue;
      const byPrincipal = new Map(able.map((signer) => [signer.principal, signer]));
      const grants = actions.map((action) =>
        attack.iam.grants({
          action,
          resources: [...asked.keys()],
          principals: [...byPrincipal.keys()].sort(byCode),
          elevated,
        }),
      );
      for (const { principals, resources, conditions } of inAll(grants)) {
        const signer = soonestOf(principals.flatMap((principal) => byPrincipal.get(principal) ?? []));
        if (!signer) continue;
        for (const resource of resources) {
          const store = asked.get(resource);
          if (store === undefined) continue;
          const allowed = { store, signer, conditions };
          const known = best.get(store.id);
          if (!known || isSooner(weight(allowed), weight(known))) best.set(store.id, allowed);
        }
      }
    }
  }
  return [...best.values()];
}

const weight = ({ signer, conditions }: Allowed): Pick<Signer, 'conditions' | 'steps'> => ({
  steps: signer.steps,
  conditions: [...signer.conditions, ...conditions],
});

type Joint = Pick<Grant, 'principals' | 'resources' | 'conditions'>;

/** Those who have a grant of each action on the same resources. */
function inAll([first = [], ...others]: readonly (readonly Joint[])[]): readonly Joint[] {
  return others.reduce<readonly Joint[]>(
    (joint, further) =>
      joint.flatMap((one) =>
        further.flatMap((other) => {
          const principals = both(one.principals, other.principals);
          const resources = both(one.resources, other.resources);
          if (principals.length === 0 || resources.length === 0) return [];
          return [{ principals, resources, conditions: [...one.conditions, ...other.conditions] }];
        }),
      ),
    first,
  );
}

function both(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a === b) return a;
  const there = new Set(b);
  return a.filter((item) => there.has(item));
}
