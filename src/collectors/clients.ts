import type { ServiceCollector } from './declaration.js';

/** What the driver needs of an SDK client. */
export interface SdkClient {
  send(command: object): Promise<object>;
  destroy(): void;
}

/** Credentials as the SDK's clients take them. */
export type Credentials = (properties?: Record<string, unknown>) => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}>;

export interface ClientOptions {
  readonly credentials: Credentials;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** One service in one region: its client and how to make its commands. */
export interface ServiceClient {
  send(operation: string, input: object): Promise<object>;
  destroy(): void;
}

/** The SDK's own attempts; `askPatiently` adds more for throttled calls, whose waits the SDK's retry budget would cut short. */
const MAX_ATTEMPTS = 4;

let handler: Promise<object> | undefined;

/** The settings that every client here is made with. */
export async function clientSettings(options: ClientOptions, region: string): Promise<Record<string, unknown>> {
  // The SDK warns about Node's age on the first client, on the stream that progress is shown on.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  handler ??= makeHandler();
  return {
    region,
    credentials: options.credentials,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: await handler,
    customUserAgent: 'trespass',
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.endpointUrl !== undefined && { endpoint: options.endpointUrl }),
  };
}

export async function openClient(
  collector: ServiceCollector,
  options: ClientOptions,
  region: string,
): Promise<ServiceClient> {
  const settings = await clientSettings(options, region);
  const sdk = (await collector.load()) as Record<string, unknown>;
  const Client = sdk[collector.client] as new (settings: object) => SdkClient;
  const client = new Client({ ...settings, ...ownSettings(collector.service, options) });
  return {
    send: (operation, input) => {
      const Command = sdk[`${operation}Command`] as (new (input: object) => object) | undefined;
      if (!Command) throw new TypeError(`the SDK client ${collector.service} has no operation ${operation}`);
      return client.send(new Command(input));
    },
    destroy: () => client.destroy(),
  };
}

/** Buckets stand in regions of their own, and an endpoint that is one address cannot take a bucket's or account's name in front. */
function ownSettings(service: string, options: ClientOptions): Record<string, unknown> {
  const endpoint = options.endpointUrl ?? process.env['AWS_ENDPOINT_URL'];
  if (service === 's3') return { followRegionRedirects: true, ...(endpoint !== undefined && { forcePathStyle: true }) };
  if (service === 's3-control' && endpoint !== undefined && process.env['AWS_ENDPOINT_URL_S3_CONTROL'] === undefined) {
    const url = new URL(endpoint);
    if (isLoopback(url.hostname)) return { endpoint: `${url.protocol}//${LOOPBACK_NAME}${url.port && `:${url.port}`}` };
  }
  return {};
}

const LOOPBACK_NAME = 'localhost';
const isLoopback = (host: string): boolean => /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(host);

/**
 * One connection pool for all clients. S3 Control puts the account's id in front of the host's name; on this machine
 * (`111122223333.localhost`) no resolver knows such a name, so the call goes to the address itself.
 */
async function makeHandler(): Promise<object> {
  const [{ NodeHttpHandler }, http, https] = await Promise.all([
    import('@smithy/node-http-handler'),
    import('node:http'),
    import('node:https'),
  ]);
  const pool = { keepAlive: true, maxSockets: 256 };
  class Handler extends NodeHttpHandler {
    override async handle(...[request, options]: Parameters<InstanceType<typeof NodeHttpHandler>['handle']>) {
      if (request.hostname.endsWith(`.${LOOPBACK_NAME}`)) request.hostname = '127.0.0.1';
      return super.handle(request, options);
    }
    // A client that is closed would close the connections of all others.
    override destroy(): void {}
  }
  return new Handler({
    connectionTimeout: 10_000,
    requestTimeout: 120_000,
    httpAgent: new http.Agent(pool),
    httpsAgent: new https.Agent(pool),
  });
}
