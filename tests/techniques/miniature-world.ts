import type { JsonObject } from '../../src/model/index.js';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** A statement, or `"action"` / `"action on resource"` for one that allows it (on everything). */
export type Says = string | JsonObject;

export interface MiniaturePrincipal {
  readonly says?: readonly Says[];
  /** Statements of its permissions boundary. */
  readonly boundary?: readonly Says[];
  /** A policy of `policies` that is its permissions boundary. */
  readonly boundaryPolicy?: string;
  readonly attached?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface MiniatureUser extends MiniaturePrincipal {
  readonly groups?: readonly string[];
  readonly keys?: readonly string[];
  readonly password?: boolean;
}

export interface MiniatureRole extends MiniaturePrincipal {
  /** A service (`lambda.amazonaws.com`), a user or role (`user/ann`), `root`, a principal element, or a whole statement. */
  readonly trust?: string | JsonObject;
  /** Whether an instance profile of its name holds it. */
  readonly profile?: boolean;
  readonly path?: string;
}

export interface MiniatureGroup {
  readonly says?: readonly Says[];
  readonly attached?: readonly string[];
}

export interface MiniatureInstance {
  /** A role whose instance profile it has. */
  readonly role?: string;
  /** Whether the internet reaches tcp/443 of it, or the port that it reaches. */
  readonly open?: boolean | number;
  /** Its security group, where that is not said by `open`. */
  readonly group?: string;
  /** `us-east-1a` when absent. */
  readonly zone?: string;
  readonly rootDevice?: 'ebs' | 'instance-store';
  readonly state?: string;
  readonly metadata?: 'enabled' | 'disabled';
  /** Whether its metadata service asks for a token, which it does when absent; `unstated` where its options were not collected. */
  readonly tokens?: 'required' | 'optional' | 'unstated';
  readonly userData?: string;
  /** `windows`, as AWS says it; another system when absent. */
  readonly platform?: string;
  /** The name of the key pair with which it was launched. */
  readonly keyPair?: string;
  /** Its id when absent. */
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface MiniatureVolume {
  /** The instance that it is attached to. */
  readonly on?: string;
  /** `/dev/xvda`, from which instances start, when absent. */
  readonly device?: string;
  readonly zone?: string;
  /** The key that encrypts it; empty where it is encrypted and the key is not stated. */
  readonly key?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A customer-managed key. */
export interface MiniatureKey {
  /** Statements of its policy; one that leaves it to the account's IAM policies when absent, `null` where it was not collected. */
  readonly policy?: readonly JsonObject[] | null;
}

/** A small account, as little as a test needs to say. Names are bare; ARNs follow from them. */
export interface Miniature {
  readonly users?: Readonly<Record<string, MiniatureUser>>;
  readonly roles?: Readonly<Record<string, MiniatureRole>>;
  readonly groups?: Readonly<Record<string, MiniatureGroup>>;
  /** Managed policies of the account: the version in force first. */
  readonly policies?: Readonly<Record<string, readonly (readonly Says[])[]>>;
  readonly instances?: Readonly<Record<string, MiniatureInstance>>;
  readonly volumes?: Readonly<Record<string, MiniatureVolume>>;
  /** Network interfaces beside those of instances: the security group of each. */
  readonly interfaces?: Readonly<Record<string, string>>;
  readonly keys?: Readonly<Record<string, MiniatureKey>>;
  /** Other answers: `service/Operation` → body; `global/service/Operation` for what belongs to no region. */
  readonly answers?: Readonly<Record<string, JsonObject>>;
  /** Answers that were not collected, named as in `answers`. */
  readonly missing?: readonly string[];
  /** Answers that AWS refused, named as in `answers`. */
  readonly refused?: readonly string[];
  /** Further accounts: their users and roles, by account id. */
  readonly accounts?: Readonly<Record<string, Pick<Miniature, 'users' | 'roles'>>>;
}

export const arn = (service: string, resource: string, account = ACCOUNT): string =>
  `arn:aws:${service}:${service === 'iam' ? '' : REGION}:${account}:${resource}`;
export const userArn = (name: string, account = ACCOUNT): string => arn('iam', `user/${name}`, account);
export const roleArn = (name: string, account = ACCOUNT): string => arn('iam', `role/${name}`, account);

/** Tags as most AWS answers hold them. */
export const tagList = (tags: Readonly<Record<string, string>> = {}): JsonObject[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const keyArn = (id: string): string => arn('kms', `key/${id}`);
