import { EXIT, UserError } from '../model/index.js';
import type { Analysis } from './analysis.js';

/** Ids that stand for something that no answer of AWS states; they are taken as they are. */
const isTypedId = (text: string): boolean => /^(aws|oidc|saml|service):/.test(text) || text === 'internet';

/**
 * The id of the asset that a person means by an id, an ARN's last part or a name.
 * @param isMeant tells which of several assets of one name the question can be about
 */
export function resolveAsset(analysis: Analysis, text: string, isMeant: (id: string) => boolean = () => true): string {
  if (text === '') throw new UserError('an asset has no empty name', EXIT.usage);
  if (isTypedId(text)) return text;
  const session = SESSION.exec(text);
  if (session) return resolveSession(analysis, text, session);
  const search = analysis.graph.findAsset(text);
  if (search.kind === 'found') return search.asset.id;
  if (search.kind === 'none') throw new UserError(`there is no asset ${text} in the snapshot`, EXIT.usage);
  const [only, ...others] = search.candidates.filter(({ id, type }) => !WRAPPERS.has(type) && isMeant(id));
  if (only && others.length === 0) return only.id;
  throw ambiguous(
    text,
    search.candidates.map((asset) => asset.id),
  );
}

/** A session as CloudTrail names it: of a role, by its name without path. */
const SESSION = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)/;

/** Whoever has a session has what its role has. */
function resolveSession(analysis: Analysis, text: string, [, partition, account, name]: RegExpExecArray): string {
  const start = `arn:${partition}:iam::${account}:role/`;
  const found = analysis.iam.principals.find(({ id }) => id.startsWith(start) && id.endsWith(`/${name}`));
  if (!found) throw new UserError(`whose session ${text} is, is not in the snapshot`, EXIT.usage);
  return found.id;
}

/** What usually carries the name of the thing that it only holds: a role's instance profile, the group of a role's instances. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'iam:instance-profile',
  'autoscaling:group',
  'ec2:launch-template',
  'logs:log-group',
]);

const MAX_CANDIDATES = 8;

function ambiguous(text: string, ids: readonly string[]): UserError {
  const shown = ids.slice(0, MAX_CANDIDATES).join(', ');
  const rest = ids.length > MAX_CANDIDATES ? ` and ${ids.length - MAX_CANDIDATES} more` : '';
  return new UserError(`${text} may mean ${shown}${rest}: give the whole id`, EXIT.usage);
}

/** An end of a network question: `internet`, an address or range, an asset. */
export function resolvePlace(analysis: Analysis, text: string): string {
  return isAddress(text) || text === 'internet' || text.startsWith('arn:')
    ? text
    : resolveAsset(analysis, text, (id) => analysis.network.knows(id));
}

const PRINCIPAL = /^arn:[^:]+:(?:iam|sts)::\d{12}:(?:root$|(?:user|role|assumed-role|federated-user)\/.)/;

/** A principal: an ARN, a service, `aws:any-principal`, or the name of a user or role. @throws UserError where it is none. */
export function resolvePrincipal(analysis: Analysis, text: string): string {
  if (PRINCIPAL.test(text) || text === 'aws:any-principal') return text;
  if (/^aws:account\/\d{12}$/.test(text)) return text;
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text) || /^(?:federated|canonical):./.test(text)) return text;
  const named = analysis.iam.principals.filter(({ id }) => id.endsWith(`/${text}`));
  const [only] = named;
  if (only && named.length === 1) return only.id;
  if (only) {
    throw ambiguous(
      text,
      named.map(({ id }) => id),
    );
  }
  const meant = text.startsWith('arn:') ? text : resolveAsset(analysis, text, (id) => PRINCIPAL.test(id));
  if (PRINCIPAL.test(meant)) return meant;
  throw new UserError(
    `${meant} is no principal: name a user, a role, a session, a root user, a service, aws:account/<number> or aws:any-principal`,
    EXIT.usage,
  );
}

/** A resource: `*`, an ARN (wildcards included), or the name of an asset. @throws UserError where it is none. */
export function resolveResource(analysis: Analysis, text: string): string {
  if (text === '*' || /^arn:([^:]*:){4}./.test(text)) return text;
  if (text.startsWith('arn:') || text.includes('*'))
    throw new UserError(`${text} is no ARN: write it as arn:aws:s3:::bucket/key`, EXIT.usage);
  return resolveAsset(analysis, text);
}

const HOSTS = new Set(['ec2:instance', 'lambda:function']);

/** An instance or function, on which calls to AWS can be made. @throws UserError where it is none. */
export function resolveHost(analysis: Analysis, text: string): string {
  const isHost = (id: string): boolean => HOSTS.has(analysis.graph.asset(id)?.type ?? '');
  const id = resolveAsset(analysis, text, isHost);
  if (isHost(id)) return id;
  throw new UserError(`${id} is neither an instance nor a function of the snapshot`, EXIT.usage);
}

/** What looks like an address or a range; whether it is one, the network engine says. */
const isAddress = (text: string): boolean =>
  /^[0-9.]+(\/\d+)?$/.test(text) || /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(\/\d+)?$/.test(text);
