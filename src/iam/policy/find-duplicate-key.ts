/**
 * The first key that stands twice in one object of a JSON text, which `JSON.parse` would settle in silence. The text must be valid
 * JSON.
 */
export function findDuplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let expectsKey = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '{' || c === '[') {
      open.push(c === '{' ? new Set() : undefined);
      expectsKey = c === '{';
    } else if (c === '}' || c === ']') {
      open.pop();
      expectsKey = false;
    } else if (c === ',') {
      expectsKey = open.at(-1) !== undefined;
    } else if (c === '"') {
      const end = endOfString(json, i);
      if (expectsKey) {
        const key = JSON.parse(json.slice(i, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
        expectsKey = false;
      }
      i = end - 1;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}
