import { field, type JsonObject, text } from '../model/index.js';

/** Output field → input field that asks for the next page, over all services that are collected. */
const TOKENS: readonly (readonly [string, string])[] = [
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['NextMarker', 'Marker'],
  ['Marker', 'Marker'],
  ['LastEvaluatedTableName', 'ExclusiveStartTableName'],
  ['ContinuationToken', 'ContinuationToken'],
  ['NextPageMarker', 'Marker'],
  ['position', 'position'],
];

const PAGING = new Set([...TOKENS.map(([output]) => output), 'IsTruncated', 'Truncated']);

/** The pages of an operation failed after some had come; `pages` are those. */
export class PageError extends Error {
  override readonly name = 'PageError';
  constructor(
    override readonly cause: unknown,
    readonly pages: readonly JsonObject[],
  ) {
    super('not every page came');
  }
}

/** Asks for every page. Throws a `PageError` where one fails, or where the same page would be asked for for ever. */
export async function askPages(
  ask: (input: JsonObject) => Promise<JsonObject>,
  input: JsonObject,
): Promise<JsonObject[]> {
  const pages: JsonObject[] = [];
  const seen = new Set<string>();
  let next: JsonObject | undefined = input;
  while (next) {
    let page: JsonObject;
    try {
      page = await ask(next);
    } catch (cause) {
      throw new PageError(cause, pages);
    }
    pages.push(withoutPaging(page));
    const token = nextToken(page);
    if (token && seen.has(token[1])) throw new PageError(new Error('AWS gave the same page token twice'), pages);
    if (token) seen.add(token[1]);
    next = token && { ...input, [token[0]]: token[1] };
  }
  return pages;
}

function nextToken(page: JsonObject): readonly [string, string] | undefined {
  if (field(page, 'IsTruncated') === false || field(page, 'Truncated') === false) return undefined;
  for (const [output, input] of TOKENS) {
    const token = text(field(page, output));
    if (token !== undefined && token !== '') return [input, token];
  }
  return undefined;
}

const withoutPaging = (page: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(page).filter(([key]) => !PAGING.has(key)));
