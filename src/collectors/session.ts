import { EXIT, field, isObject, type Json, objects, text, UserError } from '../model/index.js';
import { type ClientOptions, clientSettings, type Credentials, type SdkClient } from './clients.js';
import { cannotStart } from './failure.js';
import { askPages } from './pages.js';
import { plainAnswer } from './plain-answer.js';

/** Whom a run works as, and where. */
export interface Session {
  readonly client: ClientOptions;
  readonly account: string;
  readonly partition: string;
  /** The region that the services without regions are asked in. */
  readonly home: string;
  /** GetCallerIdentity's answer. */
  readonly identity: Json;
}

export interface SessionOptions {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly endpointUrl?: string;
  /** Regions asked for, to guess a first one to call. */
  readonly regions?: readonly string[];
}

/** Loads the credentials and asks AWS whose they are. Throws a `UserError` where that fails. */
export async function openSession(options: SessionOptions): Promise<Session> {
  checkEndpoint(options.endpointUrl);
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const named = options.regions?.find((region) => region !== 'all');
  const base: Credentials = fromNodeProviderChain({
    ...(options.profile !== undefined && { profile: options.profile }),
    clientConfig: { region: named ?? 'us-east-1' },
  });
  const client: ClientOptions = {
    credentials: base,
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.endpointUrl !== undefined && { endpointUrl: options.endpointUrl }),
  };
  const region = named ?? (await ownRegion(client)) ?? 'us-east-1';
  return identify(
    options.roleArn === undefined ? client : await assumeRole(client, options.roleArn, region, options.externalId),
    region,
  );
}

/** The same, working as a role of another account. */
export async function openMemberSession(from: Session, roleArn: string): Promise<Session> {
  return identify(await assumeRole(from.client, roleArn, from.home), from.home);
}

/** The region of the SDK's own environment and configuration, if there is one. */
export async function ownRegion(client: ClientOptions): Promise<string | undefined> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  const { region: _region, ...settings } = await clientSettings(client, '');
  try {
    const sts = new STSClient(settings);
    const region = await sts.config.region();
    sts.destroy();
    return region;
  } catch {
    return undefined;
  }
}

async function assumeRole(
  client: ClientOptions,
  RoleArn: string,
  region: string,
  ExternalId?: string,
): Promise<ClientOptions> {
  if (!/^arn:[a-z-]+:iam::\d{12}:role\/.+$/.test(RoleArn)) {
    throw new UserError(`${RoleArn} is not the ARN of a role (arn:aws:iam::<account>:role/<name>).`, EXIT.usage);
  }
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  const { credentials: masterCredentials, ...settings } = await clientSettings(client, region);
  const provider = fromTemporaryCredentials({
    masterCredentials: masterCredentials as Credentials,
    params: { RoleArn, RoleSessionName: 'trespass', ...(ExternalId !== undefined && { ExternalId }) },
    clientConfig: settings,
  });
  return { ...client, credentials: rememberCredentials(provider as unknown as Credentials) };
}

/** Many clients share one role: it is assumed once, and again five minutes before its credentials end. */
function rememberCredentials(load: Credentials): Credentials {
  let current: ReturnType<Credentials> | undefined;
  return async (properties) => {
    const known = await current?.catch(() => undefined);
    const ends = known?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (!known || ends - Date.now() < 300_000) current = load(properties);
    return (await current) ?? load(properties);
  };
}

async function identify(client: ClientOptions, region: string): Promise<Session> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const settings = await clientSettings(client, region);
  let sts: InstanceType<typeof STSClient> | undefined;
  try {
    sts = new STSClient({ ...settings, maxAttempts: 3 });
    const { Account = '', Arn = '', UserId } = await sts.send(new GetCallerIdentityCommand({}));
    const partition = Arn.split(':')[1] ?? 'aws';
    if (!/^\d{12}$/.test(Account)) throw new Error('GetCallerIdentity names no account');
    return {
      client,
      account: Account,
      partition,
      home: HOME_REGION.get(partition) ?? region,
      identity: { Account, Arn, ...(UserId !== undefined && { UserId }) },
    };
  } catch (cause) {
    throw cannotStart(cause, client.endpointUrl ?? process.env['AWS_ENDPOINT_URL'] ?? `STS in ${region}`);
  } finally {
    sts?.destroy();
  }
}

/** Where IAM and Organizations are signed for. @see https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const HOME_REGION: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
]);

/** The regions that the account has switched on, sorted. */
export async function enabledRegions(session: Session): Promise<string[]> {
  const { EC2Client, DescribeRegionsCommand } = await import('@aws-sdk/client-ec2');
  const ec2 = new EC2Client(await clientSettings(session.client, session.home));
  try {
    const answer = plainAnswer(await ec2.send(new DescribeRegionsCommand({ AllRegions: false })));
    return objects(field(answer, 'Regions'))
      .filter((region) => text(field(region, 'OptInStatus')) !== 'not-opted-in')
      .flatMap((region) => text(field(region, 'RegionName')) ?? [])
      .sort();
  } finally {
    ec2.destroy();
  }
}

export interface MemberAccount {
  readonly id: string;
  readonly name?: string;
}

/** The active accounts of the session's organization, sorted by id. */
export async function memberAccounts(session: Session): Promise<MemberAccount[]> {
  const { OrganizationsClient, ListAccountsCommand } = await import('@aws-sdk/client-organizations');
  const client = new OrganizationsClient(await clientSettings(session.client, session.home));
  try {
    const send = (input: object): Promise<object> =>
      (client as unknown as SdkClient).send(new ListAccountsCommand(input));
    const pages = await askPages(async (input) => plainAnswer(await send(input)), {});
    return pages
      .flatMap((page) => objects(field(page, 'Accounts')))
      .filter((account) => isObject(account) && text(field(account, 'Status')) !== 'SUSPENDED')
      .flatMap((account) => {
        const id = text(field(account, 'Id'));
        const name = text(field(account, 'Name'));
        return id === undefined ? [] : [{ id, ...(name !== undefined && { name }) }];
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  } finally {
    client.destroy();
  }
}

function checkEndpoint(endpointUrl: string | undefined): void {
  if (endpointUrl === undefined) return;
  if (URL.canParse(endpointUrl) && /^https?:$/.test(new URL(endpointUrl).protocol)) return;
  throw new UserError(`${endpointUrl} is not an endpoint: give a URL such as http://127.0.0.1:5000.`, EXIT.usage);
}
