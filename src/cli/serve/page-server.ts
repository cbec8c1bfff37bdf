import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page that is shown to whoever knows its address. */
export interface PageServer {
  /** With the token in it. */
  readonly url: string;
  /** Shows another page from now on, and tells those who look at the old one. */
  replace(page: string): void;
  close(): Promise<void>;
}

/** Nobody but this machine is listened to. */
const HOST = '127.0.0.1';

/** Where a page hears that there is a newer one, from its own address. */
export const EVENTS = 'events';

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Shows a page at an address that holds a token. Who does not know it learns nothing, other pages in the same browser included: a request has to name
 * this very host, so that a name that was made to lead here is refused.
 * @param options.port 0 for any that is free
 * @throws Error of node:net where the port cannot be had
 */
export async function servePage(
  page: string,
  options: { readonly port: number; readonly token: string },
): Promise<PageServer> {
  const { token } = options;
  const listeners = new Set<ServerResponse>();
  let shown = page;
  let hosts: ReadonlySet<string> = new Set();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    };
    if (!hosts.has(request.headers.host ?? '')) return refuse(421, 'This host is not served here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET is answered.');
    const [, given = '', rest] = /^\/([^/?#]*)(?:\/([^?#]*))?/.exec(request.url ?? '') ?? [];
    if (!isSame(given, token)) return refuse(404, 'Nothing is here.');
    if (rest === EVENTS) return listen(request, response);
    if (rest !== '') return refuse(404, 'Nothing is here.');
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : shown);
  }

  function listen(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    response.write(': listening\n\n');
    if (request.method === 'HEAD') return void response.end();
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  const server = createServer(answer);
  const port = await start(server, options.port);
  hosts = hostsOf(port);
  return {
    url: `http://${HOST}:${port}/${token}/`,
    replace: (next) => {
      shown = next;
      for (const listener of listeners) listener.write('event: changed\ndata: 1\n\n');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** How browsers name this host in their requests: without the port where it is the one of HTTP. @see https://www.rfc-editor.org/rfc/rfc9110#name-host-and-authority */
export const hostsOf = (port: number): ReadonlySet<string> =>
  new Set([HOST, 'localhost'].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]));

const start = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });

/** Takes as long for a token that is nearly right as for one that is not. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
