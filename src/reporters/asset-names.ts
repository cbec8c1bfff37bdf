import { parseArn } from '../model/index.js';
import type { Reportable } from './reporter.js';

/** How assets are called in a text: short, and as a person would. */
export interface AssetNames {
  /** `web-1 (i-0abc)`, `orders`, `internet`. */
  readonly nameOf: (id: string) => string;
  /** With what it is: `instance web-1 (i-0abc)`, `role web`. */
  readonly labelOf: (id: string) => string;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['db', 'database'],
  ['cluster-snapshot', 'cluster snapshot'],
  ['db-proxy', 'database proxy'],
  ['snapshot', 'snapshot'],
  ['network-interface', 'interface'],
  ['security-group', 'security group'],
  ['instance-profile', 'instance profile'],
]);

/** What a service calls its resources whose ARN has no kind in it. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['s3', 'bucket'],
  ['sns', 'topic'],
  ['sqs', 'queue'],
]);

/** Names of the assets of a report; every other id is called by the end of its ARN. */
export function namesOf(report: Pick<Reportable, 'paths' | 'exposures'>): AssetNames {
  const names = new Map<string, string>();
  for (const exposure of report.exposures) if (exposure.name) names.set(exposure.asset, exposure.name);
  for (const { entry, target } of report.paths) {
    if (entry.name) names.set(entry.id, entry.name);
    if (target.name) names.set(target.id, target.name);
  }
  return makeNames((id) => names.get(id));
}

/** Names by a look-up of what an asset is called. */
export function makeNames(find: (id: string) => string | undefined): AssetNames {
  const nameOf = (id: string): string => {
    const { bare } = takeApart(id);
    const name = find(id);
    return name === undefined || name === bare ? bare : `${name} (${bare})`;
  };
  return {
    nameOf,
    labelOf: (id) => {
      const { kind } = takeApart(id);
      return kind === '' ? nameOf(id) : `${kind} ${nameOf(id)}`;
    },
  };
}

function takeApart(id: string): { readonly kind: string; readonly bare: string } {
  if (id === 'internet') return { kind: '', bare: 'internet' };
  if (id === 'aws:any-principal') return { kind: '', bare: 'anybody' };
  if (id.startsWith('aws:admin/')) return { kind: '', bare: `administrator of ${id.slice('aws:admin/'.length)}` };
  if (id.startsWith('aws:account/')) return { kind: 'account', bare: id.slice('aws:account/'.length) };
  const arn = parseArn(id);
  if (!arn) return { kind: '', bare: id };
  const [, word = '', rest = ''] = /^([^:/]+)[:/](.*)$/s.exec(arn.resource) ?? [];
  if (rest === '' || arn.service === 's3')
    return { kind: SERVICES.get(arn.service) ?? arn.service, bare: arn.resource };
  const isPathless = arn.service === 'iam';
  const bare = isPathless ? (rest.split('/').at(-1) ?? rest) : rest;
  return { kind: KINDS.get(word) ?? word, bare };
}
