import { type JsonObject, makeArn, partitionOf } from '../model/index.js';
import type { Path } from './path.js';

/** Where an answer was given. */
export interface Place {
  /** The account that owns what is read; by default the one that answered. */
  readonly account: string;
  /** The account that answered. */
  readonly asked: string;
  /** A region code, or `global`. */
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: what ARNs of this account begin with. */
  readonly partition: string;
  readonly source: string;
}

/** Another asset as a record names it: by ARN, by typed id, or by the id or name that its type goes by in its account. */
export interface Reference {
  readonly type: string;
  readonly id: string;
  /** It may be another's: nothing is made of it where no asset goes by it, nor is `alsoCalled` so. */
  readonly isKnownOnly?: true;
}

/** A relationship as a record states it. The end that is absent is the record's own asset. */
export interface Link {
  readonly kind: string;
  readonly from?: Reference;
  readonly to?: Reference;
}

/** A relationship that a field states: verb phrase, type of the other asset, path of the field that names it. */
export type FieldLink = readonly [kind: string, type: string, path: Path];

/** How an asset's id is found. */
export interface Identity {
  /** The field that holds the ARN. */
  readonly arn?: Path;
  /** The field that holds the id or name that other records use, or what puts it together. Derived from the ARN when absent. */
  readonly bare?: Path | ((record: JsonObject) => string | undefined);
  /** Makes the ARN of the bare id where no field holds one. */
  readonly make?: (bare: string, place: Place) => string;
}

/** An asset type as a table: which answer states it, how it is known, and which of its fields state relationships. */
export interface AssetType {
  /** `<service>:<kind>`. */
  readonly type: string;
  /** `<service>/<Operation>` as in the snapshot. */
  readonly answer: string;
  /** Where the records stand in the answer. */
  readonly list: Path;
  /** True where the operation is called once a resource: the answer is an object of answers by key. */
  readonly keyed?: boolean;
  /** Where the list holds strings: the key under which each becomes a record. */
  readonly textAs?: string;
  readonly identity: Identity;
  /** The field that holds its name. The tag `Name` comes first. */
  readonly name?: Path;
  /** The field that holds a DNS name of its own, in lower case, by which other records name it. */
  readonly alsoCalled?: Path;
  /** The field that holds its owner's account id, where it can be another than the one that answered. `OwnerId` by default. */
  readonly owner?: Path;
  readonly links?: readonly FieldLink[];
  /** Relationships that no single field states. */
  readonly moreLinks?: (record: JsonObject, place: Place) => readonly Link[];
  /** The asset that is meant whenever this one is named (an alias and its key). */
  readonly standsFor?: FieldLink;
}

/** What an operation that is called once a resource says about assets which another operation lists. */
export interface AssetDetail {
  /** `<service>/<Operation>` as in the snapshot. */
  readonly answer: string;
  /** The type of asset that the answer's keys name, by ARN or bare id; the first of several that has such an asset. */
  readonly about: string | readonly string[];
  /** The part of a key that names the asset, where it holds more than that. */
  readonly assetIn?: (key: string) => string;
  /** For an operation that lists instead: where the records stand, and which field names the asset. */
  readonly list?: Path;
  readonly nameField?: Path;
  /** Where tags stand, as a list or as an object. */
  readonly tags?: Path;
  readonly links?: readonly FieldLink[];
  readonly moreLinks?: (record: JsonObject, place: Place) => readonly Link[];
  /** The answer stands under the asset's own region, which the list does not say. */
  readonly tellsRegion?: boolean;
}

/** A file's declarations. */
export interface AssetFamily {
  readonly types: readonly AssetType[];
  readonly details?: readonly AssetDetail[];
}

export const link = (kind: string, type: string, id: string | undefined): Link[] =>
  id === undefined || id === '' ? [] : [{ kind, to: { type, id } }];

/** An identity whose ARN is `arn:…:<service>:<region>:<account>:<prefix><bare>`. */
export const regional = (service: string, prefix: string, bare: Path, arn?: Path): Identity => ({
  ...(arn !== undefined && { arn }),
  bare,
  make: beginningWith((place) => makeArn(service, place.region, place.account, prefix)),
});

/** The same for services without regions, e.g. IAM. */
export const global = (service: string, prefix: string, bare: Path, arn?: Path): Identity => ({
  ...(arn !== undefined && { arn }),
  bare,
  make: beginningWith((place) => `arn:${place.partition}:${service}::${place.account}:${prefix}`),
});

/** The same for what AWS gives no account in its ARN: images and EBS snapshots. */
export const ownerless = (service: string, prefix: string, bare: Path): Identity => ({
  bare,
  make: beginningWith((place) => `arn:${partitionOf(place.region)}:${service}:${place.region}::${prefix}`),
});

/** Makes ids that begin alike in one place; records of one place come together, so the beginning is put together once for them. */
function beginningWith(beginningIn: (place: Place) => string): (bare: string, place: Place) => string {
  let last: Place | undefined;
  let beginning = '';
  return (bare, place) => {
    if (place !== last) {
      beginning = beginningIn(place);
      last = place;
    }
    return beginning + bare;
  };
}
