import { gunzipSync } from 'node:zlib';
import { byCode, type Json, type JsonObject, objects, text } from '../model/index.js';

/**
 * What kind of secret a text holds. `aws-access-key` is an access key's id together with its secret; `aws-access-key-id` is the
 * id alone, which is no secret but names the user it belongs to.
 */
export type SecretKind =
  | 'api-key'
  | 'aws-access-key'
  | 'aws-access-key-id'
  | 'aws-secret-key'
  | 'connection-string'
  | 'password'
  | 'private-key'
  | 'secret'
  | 'token';

export interface SecretFinding {
  readonly kind: SecretKind;
  /** The id (`AKIA…`, `ASIA…`) of an access key, which is not secret: IAM's ListAccessKeys says whose it is. */
  readonly accessKeyId?: string;
}

const ACCESS_KEY_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g;
const SECRET_KEY =
  /(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const SECRET_KEY_NAMED =
  /secret[_-]?(?:access[_-]?)?key(?:[_-]?id)?["']?\s*[:= ]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i;

/** A value that follows a name; one that points elsewhere (`$VAR`, `{{…}}`, `<…>`, an ARN) is none. */
const VALUE = String.raw`["']?\s*(?:=>|[:=])\s*["']?(?!\$|\x60|<|\{|%|arn:|null\b|true\b|false\b|none\b)[^\s"',;&|]{3,}`;
const assigned = (names: string): RegExp => new RegExp(`(?:${names})${VALUE}`, 'i');

const PATTERNS: readonly (readonly [SecretKind, RegExp])[] = [
  ['private-key', /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/],
  ['connection-string', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<$]{0,100}:(?!\$|<|\{)[^\s/@"']{1,200}@[A-Za-z0-9[]/i],
  ['connection-string', /\b(?:server|data source|host)\s*=[^;\n]{1,200};[^\n]{0,400}\b(?:password|pwd)\s*=\s*[^;\s]/i],
  ['password', assigned('passw(?:or)?d|passwd|passphrase|pgpass|_pwd|_pass')],
  ['password', /--(?:[a-z]{1,20}-){0,3}password[ =]+["']?(?!\$)[^\s"'$-]/i],
  ['password', /\bidentified\s+by\s+(?:password\s+)?["'](?!\$)[^"'\s]/i],
  ['password', /\bmysql(?:dump|admin)?\b[^\n]{0,200}\s-p(?!\$)[^\s$]{3}/],
  ['password', /\bpassword["']?\s+["'](?!\$)[^"'\s]{3,}["']/i],
  ['password', /["']?[\w.-]{1,64}:(?!\$)[^\s:"'$]{3,}["']?\s*\|\s*(?:sudo\s+)?chpasswd\b/],
  [
    'token',
    /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,}|[rs]k_live_\w{16,}|hf_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{60,})/,
  ],
  ['token', /(?<![A-Za-z0-9])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ['token', /\bauthorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+(?!\$)[\w.+/=-]{8,}/i],
  ['token', assigned('token')],
  ['api-key', /(?<![A-Za-z0-9])(?:AIza[\w-]{35}|sk-[A-Za-z0-9_-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/],
  ['api-key', assigned('api_?key|apikey|access_key(?!_id)|account_?key|license_?key|encryption_?key|private_?key')],
  ['secret', assigned('client_?secret|secret(?:_?key(?:_base)?)?|credentials?')],
];

/** The text that stands in a snapshot in place of one that may hold secrets. */
export function redactedText(findings: readonly SecretFinding[]): string {
  if (findings.length === 0) return '[redacted]';
  const kinds = findings.map((f) => (f.accessKeyId === undefined ? f.kind : `${f.kind} ${f.accessKeyId}`));
  return `[redacted: ${kinds.join(', ')}]`;
}

const REDACTED = /^\[redacted(?:: ([^\]]*))?\]$/;

export const isRedacted = (value: string): boolean => REDACTED.test(value);

/**
 * The kinds of secret that a text holds, sorted, each once. The text may be plain, base64 (any number of times up to three, gzip
 * inside too, as user data comes), or what `redactedText` left of one: the answer is the same for each.
 */
export function findSecrets(value: string): SecretFinding[] {
  const redacted = REDACTED.exec(value);
  if (redacted) return readRedacted(redacted[1] ?? '');
  return sortFindings(textLayers(value).flatMap(findInText));
}

/** As {@link findSecrets}, over variables `{name: value}` that are seen together; a name such as `DB_PASSWORD` counts. */
export function findEnvironmentSecrets(variables: JsonObject): SecretFinding[] {
  const findings = Object.keys(variables).flatMap((name) => findVariableSecrets(name, text(variables[name]) ?? ''));
  // The name alone pairs it with an id: another tool may have blanked the value.
  const hasSecretKey =
    findings.some((f) => f.kind === 'aws-secret-key') ||
    Object.keys(variables).some((name) => isNamedSecret(name, text(variables[name]) ?? ''));
  const whole = findings.map((f): SecretFinding => {
    const isPair = f.kind === 'aws-access-key-id' && hasSecretKey;
    return isPair ? { ...f, kind: 'aws-access-key' } : f;
  });
  return sortFindings(
    whole.some((f) => f.kind === 'aws-access-key') ? whole.filter((f) => f.kind !== 'aws-secret-key') : whole,
  );
}

/** As {@link findEnvironmentSecrets}, over `[{name, value}]`, the form of ECS and CodeBuild. */
export const findPairSecrets = (pairs: Json | undefined): SecretFinding[] =>
  findEnvironmentSecrets(
    Object.fromEntries(objects(pairs).map((pair) => [text(pair['name']) ?? '', pair['value'] ?? ''])),
  );

/** A variable that is called a secret, and does not only say where one is kept. */
const isNamedSecret = (name: string, value: string): boolean =>
  /secret/i.test(name) && !/(?:arn|name|url|uri|path|file|region|version)$/i.test(name) && !/^(?:arn:|\/)/.test(value);

/** Forty characters as AWS's secret keys are, under a name that says what they are. */
const isSecretKey = (name: string, value: string): boolean =>
  /secret|key/i.test(name) && SECRET_KEY.exec(value)?.[0] === value.trim();

/** The kinds of secret in one variable's value, read with its name. */
export function findVariableSecrets(name: string, value: string): SecretFinding[] {
  if (isRedacted(value)) return findSecrets(value);
  if (isSecretKey(name, value)) return [{ kind: 'aws-secret-key' }];
  const named =
    /_(?:arn|name|id|url|uri|path|file|length|length|ttl|expiry|enabled|region)$/i.test(name) || value.startsWith('/');
  return sortFindings([...findSecrets(value), ...(named ? [] : findInText(`${name}=${value}`))]);
}

function findInText(value: string): SecretFinding[] {
  const ids = [...value.matchAll(ACCESS_KEY_ID)].map(([id]) => id);
  const hasSecretKey = SECRET_KEY_NAMED.test(value) || (ids.length > 0 && SECRET_KEY.test(value));
  const findings: SecretFinding[] = ids.map((accessKeyId) => ({
    kind: hasSecretKey ? 'aws-access-key' : 'aws-access-key-id',
    accessKeyId,
  }));
  if (hasSecretKey && ids.length === 0) findings.push({ kind: 'aws-secret-key' });
  // What the AWS forms have explained is not found again under a general name such as SECRET or ACCESS_KEY.
  const rest = hasSecretKey || ids.length > 0 ? withoutAwsKeys(value) : value;
  for (const [kind, pattern] of PATTERNS) if (pattern.test(rest)) findings.push({ kind });
  return findings;
}

const withoutAwsKeys = (value: string): string =>
  value.replaceAll(ACCESS_KEY_ID, '$ID').replaceAll(/(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, '$KEY');

/** The text and what it is the base64 of, as far as that is text again. */
function textLayers(value: string): string[] {
  const layers = [value];
  for (let depth = 0; depth < 3; depth += 1) {
    const inner = decodeBase64((layers.at(-1) ?? '').trim());
    if (inner === undefined) break;
    layers.push(inner);
  }
  return layers;
}

function decodeBase64(value: string): string | undefined {
  if (value.length < 8 || !/^[A-Za-z0-9+/\s]+={0,2}$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  const decoded = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes.toString('utf8');
  // A word or a key may look like base64; what it decodes to is then no text.
  return decoded === undefined || decoded.includes('\uFFFD') || decoded.includes('\0') ? undefined : decoded;
}

function gunzip(bytes: Uint8Array): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: 1024 ** 2 }).toString('utf8');
  } catch {
    return undefined;
  }
}

const KINDS: ReadonlySet<string> = new Set<string>([
  ...PATTERNS.map(([kind]) => kind),
  'aws-access-key',
  'aws-access-key-id',
  'aws-secret-key',
]);

function readRedacted(kinds: string): SecretFinding[] {
  return sortFindings(
    kinds.split(', ').flatMap((entry): SecretFinding[] => {
      const [kind = '', accessKeyId] = entry.split(' ');
      if (!KINDS.has(kind)) return [];
      return [{ kind: kind as SecretKind, ...(accessKeyId !== undefined && { accessKeyId }) }];
    }),
  );
}

function sortFindings(findings: readonly SecretFinding[]): SecretFinding[] {
  const key = (f: SecretFinding): string => `${f.kind} ${f.accessKeyId ?? ''}`;
  const distinct = new Map(findings.map((f) => [key(f), f]));
  const pairs = new Set(findings.filter((f) => f.kind === 'aws-access-key').map((f) => f.accessKeyId));
  return [...distinct.values()]
    .filter((f) => f.kind !== 'aws-access-key-id' || !pairs.has(f.accessKeyId))
    .sort((a, b) => byCode(key(a), key(b)));
}
