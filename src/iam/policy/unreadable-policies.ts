import type { Gap } from '../../model/index.js';
import { byKey } from '../../model/index.js';
import type { Policy } from './document.js';

/** A gap for each policy that was collected and cannot be read, by place and name; each once. */
export function unreadablePolicies(policies: Iterable<Policy>): readonly Gap[] {
  const gaps = new Map<string, Gap>();
  for (const { label, document, source } of policies) {
    if (document.problem === undefined || source === undefined) continue;
    const [account = '', region = '', service = '', file = ''] = source.split('/');
    const operation = file.replace(/\..*$/, '');
    const message = `the policy ${document.problem}`;
    gaps.set(label, { account, region, service, operation, resource: label, error: 'UnreadablePolicy', message });
  }
  return [...gaps.values()].sort(byKey((gap) => `${gap.account}/${gap.region}/${gap.service} ${gap.resource ?? ''}`));
}
