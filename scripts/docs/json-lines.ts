import { isObject, type Json } from '../../src/model/index.js';

/** Characters in a line. */
const WIDTH = 100;

/** Fields of an object that stands in one line. */
const FEW = 2;

/** JSON in lines of readable width: what is small and fits stands in one line. */
export function jsonLines(value: Json, before = '', after = ''): readonly string[] {
  const whole = `${before}${oneLine(value)}${after}`;
  if (typeof value !== 'object' || value === null || (whole.length <= WIDTH && isSmall(value))) return [whole];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const items: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item) => ['', item] as const)
    : Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item as Json] as const);
  const inner = items.flatMap(([key, item], at) => jsonLines(item, key, at < items.length - 1 ? ',' : ''));
  return [`${before}${open}`, ...inner.map((line) => `  ${line}`), `${close}${after}`];
}

function isSmall(value: Json): boolean {
  if (Array.isArray(value)) return value.every(isSmall);
  return (
    !isObject(value) || (Object.keys(value).length <= FEW && Object.values(value).every((v) => isSmall(v as Json)))
  );
}

function oneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item as Json)}`);
  return items.length === 0 ? '{}' : `{ ${items.join(', ')} }`;
}
