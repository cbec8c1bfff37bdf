import { type Asset, bareOf, groupBy, once, parseArn } from '../model/index.js';
import type { AssetRegister } from './asset-register.js';
import type { AssetType, FieldLink, Identity, Place } from './declaration.js';
import { accountReference } from './principal-reference.js';
import { textAt, textReader } from './path.js';

/** Assets of one type by the id or name that records use for them. */
type Candidates = ReadonlyMap<string, number | readonly number[]>;

const NONE: Candidates = new Map();

/** Finds the registered assets that records name. Everything an account's own records can mean is looked up; nothing is invented. */
export class AssetIndex {
  private readonly numbersByType: ReadonlyMap<string, readonly number[]>;
  private readonly standIns = new Map<string, FieldLink>();
  /** Numbers of the assets in place of which another is meant. */
  private readonly standing = new Set<number>();
  private readonly indices = new Map<string, TypeIndex>();

  /**
   * @param register of what is stated; what is added later is found by its id alone
   * @param collected ids of the accounts in the snapshot
   */
  constructor(
    readonly register: AssetRegister,
    private readonly types: readonly AssetType[],
    private readonly collected: ReadonlySet<string>,
  ) {
    this.numbersByType = groupByType(register.assets);
    for (const { type, standsFor } of types) {
      if (!standsFor) continue;
      this.standIns.set(type, standsFor);
      for (const number of this.numbersByType.get(type) ?? []) this.standing.add(number);
    }
  }

  /** What finds assets that are named as being of a type. */
  ofType(type: string): TypeIndex {
    const known = this.indices.get(type);
    if (known) return known;
    const identity = this.types.find((t) => t.type === type && t.identity.make)?.identity;
    const standIn = [...this.standIns].find(([, [, meant]]) => meant === type)?.[0];
    const inPlaceOf = standIn === undefined ? NONE : this.candidatesOf(standIn);
    const made = new TypeIndex(this, type, identity, this.candidatesOf(type), inPlaceOf, () => this.calledOf(type));
    this.indices.set(type, made);
    return made;
  }

  /** The asset that is meant where this one is named. */
  meantBy(number: number, place: Place): number {
    if (!this.standing.has(number)) return number;
    const { type, record } = this.register.assets[number] as Asset;
    const [, meant, path] = this.standIns.get(type) as FieldLink;
    const target = textAt(record, path);
    return (target === undefined ? undefined : this.ofType(meant).find(target, place)) ?? number;
  }

  isCollected(account: string): boolean {
    return this.collected.has(account);
  }

  /** The assets of a type by their DNS names. */
  private calledOf(type: string): ReadonlyMap<string, number> {
    const paths = this.types.flatMap((one) => (one.type === type ? (one.alsoCalled ?? []) : []));
    const called = new Map<string, number>();
    for (const path of paths) {
      const nameOf = textReader(path);
      for (const number of this.numbersByType.get(type) ?? []) {
        const name = nameOf(this.register.assets[number]?.record);
        if (name !== undefined) called.set(name.toLowerCase(), number);
      }
    }
    return called;
  }

  private candidatesOf(type: string): Candidates {
    const { bares } = this.register;
    const numbers = this.numbersByType.get(type) ?? [];
    const candidates = new Map<string, number | number[]>();
    for (const number of numbers) candidates.set(bares[number] as string, number);
    if (candidates.size === numbers.length) return candidates;
    // Some go by the same name.
    for (const [bare, same] of groupBy(numbers, (number) => bares[number] as string))
      candidates.set(bare, same.length === 1 ? (same[0] as number) : same);
    return candidates;
  }
}

/** Finds assets that are named as being of one type. */
export class TypeIndex {
  /** EC2's ids are unique everywhere, so one of another account (a shared subnet) is the one that is meant; a name is not. */
  private readonly isReferable: boolean;
  private readonly called: () => ReadonlyMap<string, number>;

  constructor(
    private readonly index: AssetIndex,
    readonly type: string,
    private readonly identity: Identity | undefined,
    private readonly own: Candidates,
    private readonly inPlaceOf: Candidates,
    called: () => ReadonlyMap<string, number>,
  ) {
    this.called = once(called);
    this.isReferable = type.startsWith('ec2:');
  }

  /** The number of the asset that is meant. */
  resolve(id: string, place: Place): number | undefined {
    const found = this.find(id, place);
    return found === undefined ? undefined : this.index.meantBy(found, place);
  }

  /** The same of what also may be named by a DNS name, which is unique everywhere. */
  resolveKnown(id: string, place: Place): number | undefined {
    return this.resolve(id, place) ?? this.called().get(id);
  }

  /**
   * The same, or the asset that is made of what is only named: what is named need not have been collected.
   * @param mention makes an asset of an id, or gives the one that it is
   */
  resolveOrMention(
    id: string,
    place: Place,
    mention: (id: string, type: string, place: Place) => number,
  ): number | undefined {
    const found = this.resolve(id, place);
    if (found !== undefined) return found;
    const made = this.idOf(id, place);
    return made === undefined ? undefined : mention(made, this.type, place);
  }

  private idOf(id: string, place: Place): string | undefined {
    if (this.type === 'aws:account') return this.accountId(id);
    if (id.startsWith('arn:') || !this.identity) return id.includes(':') || this.type === id ? id : undefined;
    return this.identity.make?.(id, place);
  }

  /** The asset that is named itself, where another stands for it. */
  find(id: string, place: Place): number | undefined {
    const { register } = this.index;
    if (id.startsWith('arn:'))
      return register.numberOf(id) ?? (this.type.startsWith('iam:') ? this.sessionRole(id, place) : undefined);
    return (
      this.nearest(this.own.get(id), place) ?? register.numberOf(id) ?? this.nearest(this.inPlaceOf.get(id), place)
    );
  }

  /** A session's ARN lacks the path of its role, so the name decides. */
  private sessionRole(id: string, place: Place): number | undefined {
    return this.nearest(this.own.get(bareOf(id)), { ...place, account: parseArn(id)?.account ?? '' });
  }

  /** Of several with one name: that of the same account and region, else of the same account, else the only one there is. */
  private nearest(found: number | readonly number[] | undefined, place: Place): number | undefined {
    if (found === undefined) return undefined;
    const { assets } = this.index.register;
    if (typeof found === 'number') {
      if (this.isReferable) return found;
      const { account } = assets[found] as Asset;
      return account === place.account || account === '' ? found : undefined;
    }
    const inAccount = found.filter((number) => assets[number]?.account === place.account);
    return (
      inAccount.find((number) => assets[number]?.region === place.region) ??
      (inAccount.length === 1 ? inAccount[0] : undefined)
    );
  }

  private accountId(rootArn: string): string {
    const account = parseArn(rootArn)?.account ?? rootArn;
    return this.index.isCollected(account)
      ? accountReference(account, parseArn(rootArn)?.partition).id
      : `aws:account/${account}`;
  }
}

function groupByType(assets: readonly Asset[]): ReadonlyMap<string, readonly number[]> {
  const numbersByType = new Map<string, number[]>();
  let numbers: number[] = [];
  let type: string | undefined;
  assets.forEach((asset, number) => {
    // They come type by type.
    if (asset.type !== type) {
      type = asset.type;
      numbers = numbersByType.get(type) ?? [];
      numbersByType.set(type, numbers);
    }
    numbers.push(number);
  });
  return numbersByType;
}
