/** Where in the page one is: a view, the thing that it is about, and what is chosen in it. */
export interface Route {
  readonly view: string;
  readonly subject: string;
  readonly query: URLSearchParams;
}

/** Reads the part of the address after `#`: `/paths/p-0abc?from=…`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const slash = path.indexOf('/');
  const view = slash < 0 ? path : path.slice(0, slash);
  return { view, subject: slash < 0 ? '' : decode(path.slice(slash + 1)), query: new URLSearchParams(query) };
}

/** The address of a view, with its `#`; values that are empty are left out. */
export function hrefOf(view: string, subject = '', query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => (pair[1] ?? '') !== '');
  const tail = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  return `#/${view}${subject === '' ? '' : `/${encodeURIComponent(subject)}`}${tail}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
