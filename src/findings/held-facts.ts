import { fact } from '../techniques/fact.js';
import { MANAGED_WORKLOADS } from '../techniques/workload-kinds.js';

/** What runs code of its owner, and so an intruder's once it gives way. */
export const HOSTS: ReadonlySet<string> = new Set([
  'ec2:instance',
  'lambda:function',
  'ecs:task',
  'ecs:service',
  ...MANAGED_WORKLOADS,
]);
/** Being an effective administrator of an account: what `aws:admin/<account>` is an asset of. */
export const ADMINISTRATION = 'aws:admin';
export const PRINCIPALS: ReadonlySet<string> = new Set(['iam:user', 'iam:role']);

/** What an intruder who has the asset holds from the start: a principal's credentials, code on a host, an account, a store's data. */
export function factsOfHaving(asset: { readonly id: string; readonly type: string }): readonly string[] {
  if (PRINCIPALS.has(asset.type)) return [fact('creds', asset.id)];
  if (HOSTS.has(asset.type)) return [fact('exec', asset.id)];
  if (asset.type === ADMINISTRATION) return [fact('admin', asset.id)];
  return [fact('data-read', asset.id), fact('data-write', asset.id)];
}
