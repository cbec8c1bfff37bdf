import { byCode, tagKeys } from '../model/index.js';

/** Which tags and names say that data is sensitive, or that it is not. Keys and words are compared without case and punctuation. */
export interface Classification {
  /** Keys of tags that classify data. */
  readonly tags: readonly string[];
  /** Words in the value of such a tag that say that the data is sensitive. */
  readonly sensitive: readonly string[];
  /** Whole values of such a tag that say that it is not. */
  readonly harmless: readonly string[];
  /** Words in the name of a store that hint at sensitive data. */
  readonly names: readonly string[];
}

export const DEFAULT_CLASSIFICATION: Classification = {
  tags: ['DataClassification', 'data', 'classification', 'sensitivity', 'DataSensitivity', 'confidentiality'],
  sensitive: ['pii', 'pci', 'phi', 'hipaa', 'gdpr', 'restricted', 'confidential', 'sensitive', 'secret', 'cardholder'],
  harmless: ['public', 'test', 'none', 'non-sensitive', 'nonsensitive', 'not sensitive', 'sandbox'],
  names: [
    'cardholder',
    'customer',
    'customers',
    'gdpr',
    'hipaa',
    'medical',
    'patient',
    'patients',
    'payment',
    'payments',
    'payroll',
    'pci',
    'phi',
    'pii',
    'salaries',
    'salary',
    'ssn',
  ],
};

export type DataLevel = 'sensitive' | 'harmless';

/** What texts say, by a classification. */
export interface Classifier {
  /** The tag that classifies, as `key=value`. One that says sensitive counts before one that says harmless. */
  readTags(tags: ReadonlyMap<string, string>): { readonly level: DataLevel; readonly tag: string } | undefined;
  /** The word of a name that hints at sensitive data. */
  readName(name: string): string | undefined;
}

/** Words that turn the one after them into its opposite: `non-pii`. */
const NEGATIONS = new Set(['no', 'non', 'not']);

export function makeClassifier(classification: Classification): Classifier {
  const keys = new Set(classification.tags.map(squeeze));
  const sensitive = classification.sensitive.map(wordsOf).filter((words) => words.length > 0);
  const harmless = new Set(classification.harmless.map((value) => wordsOf(value).join(' ')));
  const names = classification.names.map(wordsOf).filter((words) => words.length > 0);
  const mayHint = beginnings(names.map(([first]) => first as string));
  const squeezed = new Map<string, boolean>();
  /** Whether a tag of this key classifies data; few keys are on thousands of things. */
  const isClassifying = (key: string): boolean => {
    const known = squeezed.get(key) ?? keys.has(squeeze(key));
    squeezed.set(key, known);
    return known;
  };
  const levels = new Map<string, DataLevel | undefined>();
  const readLevel = (value: string): DataLevel | undefined => {
    const words = wordsOf(value);
    if (harmless.has(words.join(' '))) return 'harmless';
    return sensitive.some((phrase) => says(words, phrase)) ? 'sensitive' : undefined;
  };
  /** What a value says; thousands of things have the same. */
  const levelOf = (value: string): DataLevel | undefined => {
    if (!levels.has(value)) levels.set(value, readLevel(value));
    return levels.get(value);
  };
  const readHint = (name: string): string | undefined => {
    // Words are told apart by what is between them; each stands in the text as it is.
    if (!mayHint(name.toLowerCase())) return undefined;
    const words = wordsOf(name);
    return names.find((phrase) => says(words, phrase))?.join(' ');
  };
  const hints = new Map<string, string | undefined>();
  return {
    readTags: (tags) => {
      const classifying: string[] = [];
      for (const key of tagKeys(tags)) if (isClassifying(key)) classifying.push(key);
      if (classifying.length === 0) return undefined;
      const read = classifying.sort(byCode).flatMap((key) => {
        const value = tags.get(key) ?? '';
        const level = levelOf(value);
        return level === undefined ? [] : [{ level, tag: `${key}=${value}` }];
      });
      return read.find(({ level }) => level === 'sensitive') ?? read[0];
    },
    readName: (name) => {
      if (!hints.has(name)) hints.set(name, readHint(name));
      return hints.get(name);
    },
  };
}

/** Tells of most texts that none of the words is in them: by the first two letters of the words. */
function beginnings(words: readonly string[]): (text: string) => boolean {
  const isBeginning = new Uint8Array(PAIRS);
  for (const word of words) isBeginning[pairAt(word, 0)] = 1;
  const isAny = words.some((word) => word.length < 2);
  return (text) => {
    if (isAny) return true;
    for (let at = 0; at + 1 < text.length; at++) if (isBeginning[pairAt(text, at)] === 1) return true;
    return false;
  };
}

const PAIRS = 2 ** 16;

/** A number for two letters; of letters that are not Latin, two pairs may have the same. */
const pairAt = (text: string, at: number): number => ((text.charCodeAt(at) << 8) ^ text.charCodeAt(at + 1)) % PAIRS;

/** Whether a phrase stands among words, and is not said to be absent. */
const says = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.some((_, at) => phrase.every((word, i) => words[at + i] === word) && !NEGATIONS.has(words[at - 1] ?? ''));

/** `CustomerData-2` → `customer`, `data`, `2`. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

const squeeze = (key: string): string => key.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
