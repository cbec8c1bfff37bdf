import type { Authorizer } from '../iam/index.js';

const known = new WeakMap<Authorizer, ReadonlyMap<string, string>>();

/** The principals that administer their account without a doubt, each with the account: what they can do is not listed step by step. */
export function certainAdministrators(iam: Authorizer): ReadonlyMap<string, string> {
  const made =
    known.get(iam) ??
    new Map(
      iam.principals.flatMap(({ id, account }) =>
        iam.isAdministrator(id).verdict === 'allowed' ? [[id, account] as const] : [],
      ),
    );
  known.set(iam, made);
  return made;
}
