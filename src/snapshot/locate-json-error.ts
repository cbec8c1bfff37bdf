/** Where a text stops being JSON, counted from 1, and what is wrong there. */
export interface JsonErrorPlace {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

// oxlint-disable-next-line no-control-regex -- JSON allows no control character inside a string
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Finds the first place at which a text is no JSON. `JSON.parse` says it in several forms and sometimes not at all, so a text
 * that it refused is read once more, by this. @returns `undefined` where the text is JSON.
 */
export function locateJsonError(text: string): JsonErrorPlace | undefined {
  const failure = scan(text);
  if (failure === undefined) return undefined;
  const before = text.slice(0, failure.offset);
  const line = before.split('\n').length;
  return { line, column: failure.offset - (before.lastIndexOf('\n') + 1) + 1, reason: failure.reason };
}

interface Failure {
  readonly offset: number;
  readonly reason: string;
}

function scan(text: string): Failure | undefined {
  const open: string[] = [];
  let offset = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    const found = pattern.test(text);
    if (found) offset = pattern.lastIndex;
    return found;
  };
  const fail = (expected: string): Failure =>
    offset >= text.length
      ? { offset, reason: `the text ends where ${expected} should follow` }
      : {
          offset,
          reason:
            text[offset] === '"'
              ? 'a string is not closed or holds an invalid character'
              : `${expected} should stand here`,
        };
  let expect: 'value' | 'first-key' | 'key' | 'first-value' | 'after' = 'value';
  for (;;) {
    match(SPACE);
    const char = text[offset];
    if (expect === 'first-value' && char === ']') {
      offset += 1;
      open.pop();
      expect = 'after';
    } else if (expect === 'value' || expect === 'first-value') {
      if (char === '{' || char === '[') {
        offset += 1;
        open.push(char);
        expect = char === '{' ? 'first-key' : 'first-value';
      } else if (match(STRING) || match(WORD) || match(NUMBER)) expect = 'after';
      else return fail('a value');
    } else if (expect === 'first-key' && char === '}') {
      offset += 1;
      open.pop();
      expect = 'after';
    } else if (expect === 'first-key' || expect === 'key') {
      if (!match(STRING)) return fail('a name in quotes');
      match(SPACE);
      if (text[offset] !== ':') return fail('a colon');
      offset += 1;
      expect = 'value';
    } else if (open.length === 0) {
      return offset >= text.length ? undefined : { offset, reason: 'the document has ended before' };
    } else {
      const inObject = open.at(-1) === '{';
      if (char === ',') expect = inObject ? 'key' : 'value';
      else if (char === (inObject ? '}' : ']')) open.pop();
      else return fail(inObject ? 'a comma or }' : 'a comma or ]');
      offset += 1;
    }
  }
}
