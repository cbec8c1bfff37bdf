import type { AssetGraph } from '../graph/index.js';
import { type Asset, bareOf, byCode } from '../model/index.js';
import { type Classification, type Classifier, type DataLevel, makeClassifier } from './classification.js';

/** What is known of the data in a store. */
export interface Sensitivity {
  readonly level: DataLevel;
  /** What says so. A name counts only where nothing else says anything, and that it is open to everybody on purpose, it seems, only where no name does. */
  readonly basis: 'tag' | 'macie' | 'name' | 'published';
  /** A clause that ends a sentence about the store: "its tag data=pci says that it is sensitive". */
  readonly reason: string;
}

/** How sensitive the data of each asset is. */
export interface DataSensitivity {
  /** `undefined` where nothing is known. */
  of(asset: string): Sensitivity | undefined;
  /** The same without the words. */
  levelOf(asset: string): Omit<Sensitivity, 'reason'> | undefined;
  /**
   * The assets of whose data this one is a copy or a part, nearest first. One that says by itself what it holds is not looked behind: a copy
   * that is tagged as harmless has been made so.
   */
  originsOf(asset: string): readonly string[];
}

/** What Amazon Macie found: types of finding (`SensitiveData:S3Object/Personal`) by asset. */
export type MacieFindings = ReadonlyMap<string, readonly string[]>;

/** Relationships whose first asset holds data of the second, in words. */
const HOLDS_DATA_OF: ReadonlyMap<string, string> = new Map([
  ['copy-of', 'a backup of'],
  ['snapshot-of', 'a backup of'],
  ['created-from', 'made from'],
  ['made-of', 'made of'],
  ['restored-from', 'restored from'],
  ['replica-of', 'a replica of'],
  ['member-of', 'part of'],
]);

/** Types of asset that hold data, or are made of what does. */
const HOLDERS = [
  'dynamodb:table',
  'ec2:image',
  'ec2:snapshot',
  'ec2:volume',
  'ecr:repository',
  'efs:file-system',
  'elasticache:cluster',
  'elasticache:replication-group',
  'opensearch:domain',
  'rds:db-cluster',
  'rds:db-cluster-snapshot',
  'rds:db-instance',
  'rds:db-snapshot',
  'redshift:cluster',
  's3:bucket',
  'secretsmanager:secret',
  'sns:topic',
  'sqs:queue',
  'ssm:parameter',
];

/** What an asset says of its data, about itself and in a relative clause. */
interface Statement extends Sensitivity {
  /** "whose tag data=pci says that it is sensitive". */
  readonly relative: string;
}

/** An asset's own statement, and the way it came from there where the asset says nothing itself. */
interface Known {
  readonly said: Statement;
  readonly by: Asset;
  /** The asset next to it on the way to `by`; absent where it is `by`. */
  readonly through?: string;
}

interface Part {
  readonly id: string;
  readonly words: string;
}

/**
 * Rates what every store holds. What it says itself (tags, then what Macie found) counts first; else what it is a copy of says it; names are
 * asked last. Time is linear in stores and their relationships.
 */
export function rateData(graph: AssetGraph, macie: MacieFindings, classification: Classification): DataSensitivity {
  const classifier = makeClassifier(classification);
  const holders = HOLDERS.flatMap((type) => graph.assetsOfType(type));
  const isHolder = new Set(HOLDERS);
  const partsOf = (asset: string): readonly Part[] =>
    graph.outgoing(asset).flatMap(({ kind, to }) => {
      const words = HOLDS_DATA_OF.get(kind);
      return words !== undefined && isHolder.has(graph.asset(to)?.type ?? '') ? [{ id: to, words }] : [];
    });
  const copiesOf = (asset: string): readonly string[] =>
    graph
      .incoming(asset)
      .filter(({ kind, from }) => HOLDS_DATA_OF.has(kind) && isHolder.has(graph.asset(from)?.type ?? ''))
      .map(({ from }) => from);

  const known = new Map<string, Known>();
  for (const asset of holders) {
    const said = ownStatement(asset, classifier, macie);
    if (said) known.set(asset.id, { said, by: asset });
  }
  const explicit = new Set(known.keys());
  const spread = (from: readonly string[], mayHave: (copy: string) => boolean): void => {
    let last = [...from].sort();
    while (last.length > 0) {
      const next: string[] = [];
      for (const id of last) {
        const { said, by } = known.get(id) as Known;
        for (const copy of copiesOf(id)) {
          if (known.has(copy) || !mayHave(copy)) continue;
          known.set(copy, { said, by, through: id });
          next.push(copy);
        }
      }
      last = next.sort();
    }
  };
  const saying = (level: DataLevel): string[] => [...explicit].filter((id) => known.get(id)?.said.level === level);
  spread(saying('sensitive'), () => true);
  // What is made of several is harmless only where all of them are.
  spread(saying('harmless'), (copy) => partsOf(copy).every(({ id }) => known.get(id)?.said.level === 'harmless'));
  const named: string[] = [];
  for (const asset of holders) {
    const said = known.has(asset.id) ? undefined : nameHint(asset, classifier);
    if (!said) continue;
    known.set(asset.id, { said, by: asset });
    named.push(asset.id);
  }
  spread(named, () => true);

  const nameOf = (id: string): string => graph.asset(id)?.name ?? bareOf(id);
  const wordsTo = (asset: string, part: string): string =>
    `${partsOf(asset).find(({ id }) => id === part)?.words ?? 'a copy of'} ${nameOf(part)}`;
  return {
    of: (asset) => {
      const found = known.get(asset);
      if (!found) return undefined;
      const { said, by, through } = found;
      const { level, basis, reason, relative } = said;
      if (through === undefined) return { level, basis, reason };
      const way = through === by.id ? '' : `, which goes back to ${nameOf(by.id)}`;
      return { level, basis, reason: `it is ${wordsTo(asset, through)}${way}, ${relative}` };
    },
    levelOf: (asset) => known.get(asset)?.said,
    originsOf: (asset) => {
      const origins = new Set<string>();
      let last = explicit.has(asset) ? [] : [asset];
      while (last.length > 0) {
        const next = last.flatMap((id) => partsOf(id).map((part) => part.id)).filter((id) => id !== asset);
        last = [...new Set(next)].filter((id) => !origins.has(id)).sort(byCode);
        for (const id of last) origins.add(id);
        last = last.filter((id) => !explicit.has(id));
      }
      return [...origins];
    },
  };
}

const NOT_FOUND: readonly string[] = [];

/** What an asset says of its own data, or what was found in it. Data that was found is believed before a tag that says otherwise. */
function ownStatement(asset: Asset, classifier: Classifier, macie: MacieFindings): Statement | undefined {
  const tagged = classifier.readTags(asset.tags);
  const found = (macie.size > 0 && macie.get(asset.id)) || NOT_FOUND;
  if (tagged?.level === 'sensitive') return state('sensitive', 'tag', `tag ${tagged.tag} says that it is sensitive`);
  if (found.length > 0) {
    const despite = tagged ? `, though its tag ${tagged.tag} says that it is not sensitive` : '';
    const what = `Amazon Macie found ${foundInWords(found)}`;
    return {
      level: 'sensitive',
      basis: 'macie',
      reason: `${what} in it${despite}`,
      relative: `in which ${what}${despite}`,
    };
  }
  return tagged && state('harmless', 'tag', `tag ${tagged.tag} says that it is not sensitive`);
}

/** Types whose ids AWS makes, or adds letters to by chance: no names that people gave. */
const WITHOUT_NAME_IN_ID = new Set([
  'ec2:image',
  'ec2:snapshot',
  'ec2:volume',
  'efs:file-system',
  'secretsmanager:secret',
]);

/** Names that people gave. */
function nameHint(asset: Asset, classifier: Classifier): Statement | undefined {
  const bare = WITHOUT_NAME_IN_ID.has(asset.type) ? undefined : bareOf(asset.id);
  const word =
    (asset.name === undefined ? undefined : classifier.readName(asset.name)) ??
    (bare === undefined || bare === asset.name ? undefined : classifier.readName(bare));
  return word === undefined ? undefined : state('sensitive', 'name', `name says ${word}`);
}

const state = (level: DataLevel, basis: Sensitivity['basis'], what: string): Statement => ({
  level,
  basis,
  reason: `its ${what}`,
  relative: `whose ${what}`,
});

/** @see https://docs.aws.amazon.com/macie/latest/user/findings-types.html */
const FOUND: ReadonlyMap<string, string> = new Map([
  ['SensitiveData:S3Object/Credentials', 'credentials'],
  ['SensitiveData:S3Object/CustomIdentifier', 'what a custom data identifier describes'],
  ['SensitiveData:S3Object/Financial', 'financial data'],
  ['SensitiveData:S3Object/Multiple', 'sensitive data of several kinds'],
  ['SensitiveData:S3Object/Personal', 'personal data'],
]);

const foundInWords = (types: readonly string[]): string =>
  [...types]
    .sort(byCode)
    .map((type) => `${FOUND.get(type) ?? 'sensitive data'} (${type})`)
    .join(' and ');
