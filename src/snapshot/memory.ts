import { byCode, byKey, type Gap, sortedUnique } from '../model/index.js';
import type { Answer, SnapshotAccount, WholeSnapshot } from './snapshot.js';

export interface SnapshotParts {
  readonly accounts?: readonly SnapshotAccount[];
  readonly answers: readonly Answer[];
  readonly gaps?: readonly Gap[];
  readonly collectedAt?: string;
}

/** Makes a snapshot of answers that are in memory; accounts and regions that only answers name are added. */
export function memorySnapshot(parts: SnapshotParts): WholeSnapshot {
  const gaps = parts.gaps ?? [];
  const byOperation = new Map<string, Answer[]>();
  const byPlace = new Map<string, Answer>();
  for (const answer of [...parts.answers].sort(byKey((a) => `${a.account}/${a.region}`))) {
    const operation = `${answer.service}/${answer.operation}`;
    const same = byOperation.get(operation);
    if (same) same.push(answer);
    else byOperation.set(operation, [answer]);
    byPlace.set(`${answer.account}/${answer.region}/${operation}`, answer);
  }
  const gapPlaces = new Set(
    gaps.filter((g) => g.resource === undefined).map((g) => `${g.account}/${g.region}/${g.service}/${g.operation}`),
  );
  return {
    accounts: mergeAccounts(parts),
    gaps,
    ...(parts.collectedAt !== undefined && { collectedAt: parts.collectedAt }),
    everyAnswer: [...byPlace.keys()].sort(byCode).flatMap((place) => byPlace.get(place) ?? []),
    answers: (service, operation) => byOperation.get(`${service}/${operation}`) ?? [],
    answer: (account, region, service, operation) => byPlace.get(`${account}/${region}/${service}/${operation}`),
    coverage: (account, region, service, operation) => {
      const place = `${account}/${region}/${service}/${operation}`;
      if (gapPlaces.has(place)) return 'gap';
      return byPlace.has(place) ? 'answered' : 'missing';
    },
  };
}

function mergeAccounts(parts: SnapshotParts): SnapshotAccount[] {
  const names = new Map<string, string>();
  const regions = new Map<string, Set<string>>();
  for (const { id, name, regions: named } of parts.accounts ?? []) {
    if (name !== undefined) names.set(id, name);
    regions.set(id, new Set([...(regions.get(id) ?? []), ...named]));
  }
  for (const { account, region } of parts.answers) {
    const known = regions.get(account) ?? new Set<string>();
    if (region !== 'global') known.add(region);
    regions.set(account, known);
  }
  return sortedUnique(regions.keys()).map((id) => {
    const name = names.get(id);
    return { id, ...(name !== undefined && { name }), regions: sortedUnique(regions.get(id) ?? []) };
  });
}
