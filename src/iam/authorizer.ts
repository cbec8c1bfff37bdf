import type { Condition, Evidence, Gap } from '../model/index.js';
import type { AskedTag, TagOwner } from './asked-tags.js';
import type { NamedPolicy } from './policy/named-policy.js';

export type AuthorizationVerdict = 'allowed' | 'explicit-deny' | 'implicit-deny' | 'depends' | 'unknown';

/** A statement that decides. */
export interface DecidingStatement {
  /** The policy's ARN; for an inline or resource policy the owner's ARN, `#`, and its name or kind. */
  readonly policy: string;
  /** Its `Sid`, or its index from 0. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  readonly evidence?: Evidence;
}

/** Values of condition keys, by key (any case). A key that is stated with no values is stated to be absent. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/** One authorization question. */
export interface AuthorizationRequest {
  /**
   * The ARN of a user, a role (its session is meant) or an assumed-role session; an account root's ARN; a service
   * (`lambda.amazonaws.com`); or `aws:any-principal` for anybody without credentials.
   */
  readonly principal: string;
  /** `service:Action`, in any case. */
  readonly action: string;
  /**
   * The resource's ARN. `*` (the default) for actions that name none. An ARN with wildcards asks: is there a resource of this
   * form, whose name the principal may choose, for which it is allowed? (e.g. creating a function).
   */
  readonly resource?: string;
  /** Values of condition keys. `aws:SourceVpce` says through which VPC endpoint the request comes: then its policy counts too. */
  readonly context?: ContextValues;
  /** Policies passed when the principal's session was made: it may do no more than one of them allows. */
  readonly sessionPolicies?: readonly NamedPolicy[];
  /**
   * Judge as if the principal's identity policies also allowed everything: what it could give itself. Denies, permission
   * boundary and organization policies stay.
   */
  readonly elevated?: boolean;
  /**
   * Judge as if the resource's own policy (role trust, bucket, key, function policy) also had a statement that allows this action to
   * exactly this principal: what holds after an intruder has rewritten it. All other policies stay.
   */
  readonly trusting?: boolean;
  /** Judge as if the resource had no policy of its own: what holds after an intruder has deleted it. All other policies stay. */
  readonly unguarded?: boolean;
  /** Judge as if the intruder set the resource's tags, or took some of them away. */
  readonly retagged?: Retagging;
}

/** What an intruder does to the tags of a resource: gives them the values that it likes, or takes some away. */
export type Retagging = 'set' | 'removed';

export interface AuthorizationAnswer {
  readonly verdict: AuthorizationVerdict;
  /** For `depends`: what must hold. For `unknown`: what was not collected. Simplified, sorted. */
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
  /** What the verdict takes for granted because it was not collected, e.g. organization policies. Sentences. */
  readonly notes: readonly string[];
  /** For `implicit-deny`: the kinds of policy that do not allow, in words. */
  readonly stoppedBy?: readonly string[];
}

/** A statement that allows an action, but not in a request. */
export interface NearMiss {
  readonly policy: string;
  readonly statement: string;
  /** What is otherwise: `is about arn:…`, `asks for aws:RequestedRegion StringEquals eu-west-1`, `is for others`. */
  readonly because: string;
}

/** Whether a principal administers its account. */
export interface Administration {
  readonly byPolicy: AuthorizationAnswer;
  /** By policies that it may write for itself, as far as boundary, denies and organization leave it to. */
  readonly byWhatItGivesItself: AuthorizationAnswer;
}

/** A principal of the snapshot. */
export interface PrincipalSummary {
  /** ARN of the user or role. */
  readonly id: string;
  readonly kind: 'user' | 'role';
  readonly account: string;
  /** Has a permissions boundary. */
  readonly bounded: boolean;
}

/** Every one of `principals` may do the asked action on every one of `resources`. */
export interface Grant {
  /** Sorted ARNs. */
  readonly principals: readonly string[];
  /** Sorted; the asked resources that this grant covers. */
  readonly resources: readonly string[];
  readonly verdict: 'allowed' | 'depends' | 'unknown';
  readonly conditions: readonly Condition[];
  /** The statements that decide for one of the principals, worked out when asked: on the first resource that the grant was found for. */
  decidedBy(principal: string): readonly DecidingStatement[];
  /** Equal for grants in which statements of the same content decide. */
  readonly basis: string;
  /** Whether no policy of the principals' own decides, but those of resources and organizations alone: the same ones for all of them. */
  readonly isByOthers: boolean;
}

export interface GrantQuestion {
  readonly action: string;
  /** Resource ARNs (or ARNs with wildcards for a resource of the principal's choosing, or `*`). */
  readonly resources: readonly string[];
  readonly context?: ContextValues;
  /** Only these principals are asked about; all users and roles of the snapshot when absent. */
  readonly principals?: readonly string[];
  readonly elevated?: boolean;
  /** As in {@link AuthorizationRequest.trusting}. */
  readonly trusting?: boolean;
  /** As in {@link AuthorizationRequest.unguarded}. */
  readonly unguarded?: boolean;
  /** As in {@link AuthorizationRequest.retagged}. */
  readonly retagged?: Retagging;
}

export interface PermissionQuestion {
  readonly principal: string;
  /** `service:Action`, each without wildcards. */
  readonly actions: readonly string[];
  readonly context?: ContextValues;
}

/** What a principal may do of one action. */
export interface Permission {
  readonly action: string;
  /** Sorted by pattern; none where it may do it on nothing. */
  readonly resources: readonly PermittedResources[];
}

/** Resources on which a principal may do something. */
export interface PermittedResources {
  /** An ARN, an ARN with wildcards, or `*`. */
  readonly pattern: string;
  /** Further patterns of whose form they must be too. */
  readonly also: readonly string[];
  /** Patterns of what is taken away from it again. */
  readonly except: readonly string[];
  readonly verdict: 'allowed' | 'depends' | 'unknown';
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
}

/** Who outside of an account a resource policy lets in. */
export interface PolicyOpening {
  readonly to: 'public' | 'account' | 'organization' | 'service';
  /** An account's id, or what ids are like (`1111*`), an organization's id, or a service, `*` for any; empty for the public. */
  readonly who: string;
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
}

/** What is known of a tag that a principal is given: its value is the intruder's to choose, or is not known; or whether it has one is not known either. */
export type OpenTag = 'chosen' | 'unknown' | 'unsettled';

/** What an intruder has changed of the policies that apply to a principal. */
export interface PolicyChange {
  /** Its permissions boundary is gone. */
  readonly boundary?: boolean;
  /** Identity policies that no longer apply to it, named as in {@link DecidingStatement.policy}. */
  readonly policies?: readonly string[];
  /** Identity policies that apply to it besides. */
  readonly added?: readonly NamedPolicy[];
  /** ARNs of such whose documents were not collected. */
  readonly missing?: readonly string[];
  /** Tags that it is given, in place of what it has by these names. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Tags that it is given, or may be given, in place of what it has by these names. */
  readonly openTags?: ReadonlyMap<string, OpenTag>;
  /** Names of tags that are taken away from it. */
  readonly untagged?: readonly string[];
}

/** The authorization engine over one snapshot. */
export interface Authorizer {
  /** Every user and role that was collected, sorted by id. */
  readonly principals: readonly PrincipalSummary[];
  /** Policies that were collected and cannot be read: what they could turn is `unknown`. */
  readonly gaps: readonly Gap[];
  evaluate(request: AuthorizationRequest): AuthorizationAnswer;
  /** For what nothing allows: statements that nearly do. */
  nearMisses(request: AuthorizationRequest): readonly NearMiss[];
  /**
   * Who may do an action on which of the resources, factored: principals of equal rights and resources of equal treatment come
   * as one grant, so the answer is small. Resources may be many. Denied combinations are absent.
   */
  grants(question: GrantQuestion): readonly Grant[];
  /** On which resources, as patterns, a principal may do each of the actions. */
  permissions(question: PermissionQuestion): readonly Permission[];
  /**
   * Whether a principal is an effective administrator of its account: allowed everything there. What it could give itself is
   * asked with `elevated`.
   */
  isAdministrator(principal: string, options?: { readonly elevated?: boolean }): AuthorizationAnswer;
  /** The same with what it may give itself: own inline and attached policies, those of its groups, versions of its managed policies. */
  administration(principal: string): Administration;
  /**
   * Names of a form (an ARN with wildcards) that stand for all of it, as far as policies tell them apart for any of the actions: none where they do not;
   * `undefined` where those are too many. Policy variables have the values of those to whom the policy applies. `keys` are condition keys of those actions whose
   * values are such names too.
   */
  namesOf(form: string, actions: readonly string[], keys?: readonly string[]): readonly string[] | undefined;
  /** Whether some policy looks at one of these condition keys. */
  looksAt(keys: readonly string[]): boolean;
  /** Tags of principals or resources that policies look at, with values that tell them apart, and one that none names; sorted. */
  tagsAskedOf(owner: TagOwner): readonly AskedTag[];
  /** Equal for contexts that no condition of any policy tells apart by their keys. */
  likenessOf(context: ContextValues): string;
  /** Services that a role's trust policy names, `'all'` where it may mean any: those alone may be let in by it. */
  servicesNamedBy(role: string): 'all' | ReadonlySet<string>;
  /** Who outside of its account a resource's own policy (bucket, key, secret, function, role trust, …) lets in. */
  openings(resource: string): readonly PolicyOpening[];
  /**
   * The same accounts as they are once the policies of these principals (ids of {@link principals}) have been changed. Its principals are these alone;
   * everything else is as it was.
   */
  changed(changes: ReadonlyMap<string, PolicyChange>): Authorizer;
}
