import { isObject, type Json } from '../../model/index.js';

/** One entry of a `Principal` element. */
export type PrincipalEntry =
  | { readonly kind: 'any' }
  | { readonly kind: 'account'; readonly account: string }
  /** A user, role, session or federated user by ARN. */
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonical'; readonly id: string }
  /** The unique id of a deleted principal, or something that is no principal: matches nobody. */
  | { readonly kind: 'nobody'; readonly text: string };

/** A `Principal` or `NotPrincipal` element. */
export interface PrincipalElement {
  readonly not: boolean;
  readonly entries: readonly PrincipalEntry[];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function readPrincipals(
  principal: Json | undefined,
  notPrincipal: Json | undefined,
  fail: (problem: string) => never,
): PrincipalElement | undefined {
  if (principal !== undefined && notPrincipal !== undefined) return fail('has both Principal and NotPrincipal');
  const stated = principal ?? notPrincipal;
  if (stated === undefined) return undefined;
  return { not: principal === undefined, entries: readEntries(stated, fail) };
}

function readEntries(stated: Json, fail: (problem: string) => never): PrincipalEntry[] {
  if (stated === '*') return [{ kind: 'any' }];
  if (!isObject(stated)) return fail('has a Principal that is neither an object nor *');
  const entries: PrincipalEntry[] = [];
  for (const [type, value] of Object.entries(stated)) {
    const all = Array.isArray(value) ? (value as readonly Json[]) : [value];
    for (const item of all) {
      if (typeof item !== 'string' && typeof item !== 'number') return fail('has a principal that is no text');
      const entry = readEntry(type, String(item));
      entries.push(entry ?? fail(`has the unknown kind of principal ${JSON.stringify(type)}`));
    }
  }
  return entries;
}

/**
 * A service in lower case. In China some have a second name: there `ec2.amazonaws.com.cn` is `ec2.amazonaws.com`. What names a service in one region
 * (`states.us-east-1.amazonaws.com`) is taken as naming it in all.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export const serviceIn = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\.amazonaws\.com\.cn$/, '.amazonaws.com')
    .replace(/\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com$/, '.amazonaws.com');

function readEntry(type: string, text: string): PrincipalEntry | undefined {
  switch (type.toLowerCase()) {
    case 'aws':
      return readAwsEntry(text);
    case 'service':
      return { kind: 'service', service: serviceIn(text) };
    case 'federated':
      return { kind: 'federated', provider: text };
    case 'canonicaluser':
      return { kind: 'canonical', id: text };
    case '*':
      return text === '*' ? { kind: 'any' } : { kind: 'nobody', text };
    default:
      return undefined;
  }
}

function readAwsEntry(text: string): PrincipalEntry {
  if (text === '*') return { kind: 'any' };
  if (/^\d{12}$/.test(text)) return { kind: 'account', account: text };
  const root = /^arn:[^:]*:iam::(\d{12}):root$/.exec(text);
  if (root) return { kind: 'account', account: root[1] ?? '' };
  if (text.startsWith('arn:')) return { kind: 'arn', arn: text };
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'canonical', id: text };
  return { kind: 'nobody', text };
}
