import type { JsonObject } from '../../../src/model/index.js';
import type { Access } from '../../../src/techniques/index.js';
import { ACCOUNT, arn, type Miniature, type Says, userArn } from '../miniature.js';

/** A small account and what is so in it. */
export interface Example {
  /** One sentence: what decides. */
  readonly why: string;
  readonly world: Miniature;
}

/**
 * Three small accounts for a technique: one where it works, one where one fact less (or one more) stops it, and one where it cannot be said.
 * Each is asked what an intruder on `from` gets of `reaches`.
 */
export interface TechniqueExamples {
  /** The asset that the intruder has, or `internet`. */
  readonly from: string;
  /** The asset that the technique leads to, itself or by what follows from it. */
  readonly reaches: string;
  /** What is had of it: `connection` to a store's port and `login` for it are means. */
  readonly access: Access | 'connection' | 'login';
  /** `depends`: words of the one condition that no snapshot decides, where the technique always depends on one. */
  readonly works: Example & { readonly depends?: string };
  readonly fails: Example;
  /** More accounts in which it fails. */
  readonly alsoFails?: readonly Example[];
  /** `because` are words of the condition that the answer has to name; `from` is where the intruder is, if not as in the others. */
  readonly unknown: Example & { readonly because: string; readonly from?: string };
}

/** Examples by technique id; no two families may have the same. */
export type ExampleFamily = Readonly<Record<string, TechniqueExamples>>;

export const ANN = userArn('ann');
export const ROBOT = userArn('robot');
/** Being an administrator of the account. */
export const ADMIN = `aws:admin/${ACCOUNT}`;
export const policyArn = (name: string): string => arn('iam', `policy/${name}`);

/** The account of user Ann, who may do what is said, with more in it. */
export const annMay = (says: readonly Says[], more: Miniature = {}): Miniature => ({
  ...more,
  users: { ann: { says }, ...more.users },
});

const conditional =
  (Condition: JsonObject) =>
  (says: string): Says => {
    const [Action = '', Resource = '*'] = says.split(' on ');
    return { Effect: 'Allow', Action, Resource, Condition };
  };

/** `"action"` or `"action on resource"`, allowed from one office's addresses alone: where the intruder calls from is not known. */
export const fromOffice = conditional({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } });

/** The same, allowed with MFA alone: whether the intruder has the device is not known. */
export const withMfa = conditional({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });

/** The same, allowed on what has a tag. */
export const ifTagged = conditional({ StringEquals: { 'aws:ResourceTag/stage': 'test' } });

/** `"action"` or `"action on resource"`, denied. */
export function deny(says: string): Says {
  const [Action = '', Resource = '*'] = says.split(' on ');
  return { Effect: 'Deny', Action, Resource };
}
