import type { Domain } from '../logic/formula.js';
import { type KeyStatus, chosen, known, unknownKey } from './request-context.js';

const TYPES = ['Account', 'AssumedRole', 'FederatedUser', 'User'];

/**
 * Keys that say who asks, of whoever an account lets act: it may name, tag and equip its principals as it likes. Their unique ids are given by
 * AWS. `undefined` for a key that does not differ from one principal of the account to the other.
 */
export function accountKey(key: string, account: string): KeyStatus | undefined {
  if (key.startsWith('aws:principaltag/')) return chosen();
  switch (key) {
    case 'aws:principalarn':
      return { kind: 'open', decider: 'chosen', domain: chosenPrincipalArn(account) };
    case 'aws:principaltype':
      return chosen({ mayBeAbsent: false, accepts: (value) => TYPES.includes(value), extra: TYPES });
    case 'aws:userid':
      return unknownKey({
        mayBeAbsent: false,
        accepts: (id) => !/^\d{12}$/.test(id) || id === account,
        extra: [account],
      });
    case 'aws:multifactorauthpresent':
      return chosen({ accepts: (value) => value === 'true' || value === 'false', extra: ['false', 'true'] });
    case 'aws:username':
    case 'aws:multifactorauthage':
    case 'aws:federatedprovider':
    case 'aws:sourceidentity':
      return chosen();
    case 'aws:principalisawsservice':
      return known('false');
    default:
      return undefined;
  }
}

/** The ARNs that principals of an account may have, as far as samples of conditions tell them apart. */
export const chosenPrincipalArn =
  (account: string) =>
  (samples: readonly string[]): Domain => {
    const arns = new Set([
      `arn:aws:iam::${account}:root`,
      `arn:aws:iam::${account}:user/x`,
      `arn:aws:iam::${account}:role/x`,
    ]);
    for (const sample of samples) for (const arn of movedInto(account, sample)) arns.add(arn);
    return [[...arns].map((arn) => [arn])];
  };

/** What a text is like as an ARN of the account: itself, or a user and a role of the name in it. */
function movedInto(account: string, sample: string): readonly string[] {
  const [, partition = 'aws'] = /^arn:(aws[a-z-]*):/.exec(sample) ?? [];
  const start = `arn:${partition}:iam::${account}:`;
  const named = /(?:user|role)\/(.+)$/s.exec(sample)?.[0];
  if (named !== undefined) return [start + named];
  const name = sample.slice(Math.max(sample.lastIndexOf(':'), sample.indexOf('/')) + 1);
  return name === '' ? [] : [`${start}user/${name}`, `${start}role/${name}`];
}
