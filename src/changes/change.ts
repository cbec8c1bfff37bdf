import type { JsonObject } from '../model/index.js';

/** One change of an account, small enough to be made by one call of AWS's API. */
export type Change =
  /** A rule of a security group, as AWS states it: one protocol and range of ports, one peer. */
  | {
      readonly kind: 'group-rule';
      readonly do: 'add' | 'remove';
      /** Its ARN. */
      readonly group: string;
      readonly direction: 'ingress' | 'egress';
      readonly permission: JsonObject;
    }
  /** A route; `target` (a gateway's id) where it is added. */
  | {
      readonly kind: 'route';
      readonly do: 'add' | 'remove';
      /** The route table's ARN. */
      readonly table: string;
      /** A CIDR, or the id of a prefix list. */
      readonly destination: string;
      readonly target?: string;
    }
  /**
   * A statement of a policy. `policy` names it as evidence does: the ARN of a managed policy, `OWNER-ARN#NAME` for an inline one (`ROLE-ARN#inline/trust` for one called so), `ARN#trust` for a
   * role's trust policy, `ARN#policy` for another resource's own.
   */
  | { readonly kind: 'statement'; readonly do: 'remove'; readonly policy: string; readonly statement: string }
  /** A managed policy on a user, group or role. */
  | {
      readonly kind: 'attached-policy';
      readonly do: 'add' | 'remove';
      readonly policy: string;
      /** The ARN of the user, group or role. */
      readonly holder: string;
    }
  /** The instance profile of an instance. */
  | { readonly kind: 'instance-profile'; readonly do: 'remove'; readonly instance: string }
  /** What opens a bucket, snapshot or database to everybody. */
  | { readonly kind: 'public-access'; readonly do: 'remove'; readonly asset: string };
