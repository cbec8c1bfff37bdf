import type { Authorizer } from '../iam/index.js';
import { onceFor } from '../model/index.js';

/** The principals that administer their account without a doubt, each with the account: what they can do is not listed step by step. */
export const certainAdministrators = onceFor(
  (iam: Authorizer): ReadonlyMap<string, string> =>
    new Map(
      iam.principals.flatMap(({ id, account }) =>
        iam.isAdministrator(id).verdict === 'allowed' ? [[id, account] as const] : [],
      ),
    ),
);
