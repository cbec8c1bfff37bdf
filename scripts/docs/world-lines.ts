import { isObject, type Json, type JsonObject } from '../../src/model/index.js';
import { jsonLines } from './json-lines.js';
import type {
  Miniature,
  MiniatureInstance,
  MiniatureKey,
  MiniaturePrincipal,
  MiniatureRole,
  MiniatureUser,
  MiniatureVolume,
  Says,
} from '../../tests/techniques/miniature.js';

/** Everything that a small account says, a line for each thing. */
export function worldLines(world: Miniature): readonly string[] {
  return [
    ...eachOf(world.users, 'user', userLines),
    ...eachOf(world.groups, 'group', principalLines),
    ...eachOf(world.roles, 'role', roleLines),
    ...eachOf(world.policies, 'policy', policyLines),
    ...eachOf(world.instances, 'instance', instanceLines),
    ...eachOf(world.volumes, 'volume', volumeLines),
    ...Object.entries(world.interfaces ?? {}).map(([id, group]) => `network interface ${id}: security group ${group}`),
    ...eachOf(world.keys, 'KMS key', keyLines),
    ...Object.entries(world.accounts ?? {}).flatMap(([account, own]) => [
      `account ${account}`,
      ...worldLines(own).map(indent),
    ]),
    ...Object.entries(world.answers ?? {}).flatMap(([place, body]) => [
      place.replace(/^global\//, ''),
      ...jsonLines(readable(body)).map(indent),
    ]),
    ...(world.missing ?? []).map((place) => `not collected: ${place.replace(/^global\//, '')}`),
  ];
}

const indent = (line: string): string => `  ${line}`;

const eachOf = <T>(
  things: Readonly<Record<string, T>> | undefined,
  kind: string,
  linesOf: (thing: T) => readonly string[],
): readonly string[] =>
  Object.entries(things ?? {}).flatMap(([name, thing]) => [`${kind} ${name}`, ...linesOf(thing).map(indent)]);

const principalLines = ({ says, boundary, attached, tags }: MiniaturePrincipal): readonly string[] => [
  ...Object.entries(tags ?? {}).map(([key, value]) => `tag ${key} = ${value}`),
  ...(attached ?? []).map((policy) => `has policy ${policy}`),
  ...(says ?? []).map(statementText),
  ...(boundary ?? []).map((says) => `boundary: ${statementText(says)}`),
];

const userLines = (user: MiniatureUser): readonly string[] => [
  ...(user.groups ?? []).map((group) => `member of group ${group}`),
  ...(user.keys ?? []).map((key) => `access key ${key}`),
  ...(user.password === true ? ['console password'] : []),
  ...principalLines(user),
];

const roleLines = (role: MiniatureRole): readonly string[] => [
  `trusts ${trustText(role.trust ?? 'ec2.amazonaws.com')}`,
  ...(role.profile === true ? ['is in an instance profile'] : []),
  ...(role.path === undefined ? [] : [`path ${role.path}`]),
  ...principalLines(role),
];

const policyLines = (versions: readonly (readonly Says[])[]): readonly string[] =>
  versions.flatMap((says, at) =>
    says.map(
      (statement) => `${at === 0 ? 'in force' : `version ${versions.length - at}`}: ${statementText(statement)}`,
    ),
  );

const instanceLines = (instance: MiniatureInstance): readonly string[] => [
  instance.state ?? 'running',
  ...(instance.open === undefined || instance.open === false
    ? []
    : [`the internet reaches tcp/${instance.open === true ? 443 : instance.open}`]),
  ...(instance.group === undefined ? [] : [`security group ${instance.group}`]),
  ...(instance.zone === undefined ? [] : [`in ${instance.zone}`]),
  ...(instance.keyPair === undefined ? [] : [`launched with key pair ${instance.keyPair}`]),
  ...(instance.rootDevice === undefined ? [] : [`root device ${instance.rootDevice}`]),
  ...(instance.role === undefined ? [] : [`instance profile with role ${instance.role}`]),
  ...(instance.metadata === undefined ? [] : [`metadata service ${instance.metadata}`]),
  ...(instance.tokens === undefined ? [] : [`metadata service: tokens ${instance.tokens}`]),
  ...Object.entries(instance.tags ?? {}).map(([key, value]) => `tag ${key} = ${value}`),
  ...(instance.userData?.trim().split('\n') ?? []).map((line) => `user data: ${line}`),
];

const volumeLines = ({ on, device, zone, key, tags }: MiniatureVolume): readonly string[] => [
  on === undefined ? 'attached to nothing' : `attached to ${on} as ${device ?? '/dev/xvda'}`,
  ...(zone === undefined ? [] : [`in ${zone}`]),
  key === undefined ? 'not encrypted' : `encrypted${key === '' ? '' : ` with ${key}`}`,
  ...Object.entries(tags ?? {}).map(([name, value]) => `tag ${name} = ${value}`),
];

function keyLines({ policy }: MiniatureKey): readonly string[] {
  if (policy === null) return ['policy: not collected'];
  return policy?.map((statement) => `policy: ${statementText(statement)}`) ?? ['policy: what IAM policies allow'];
}

function trustText(trust: string | JsonObject): string {
  if (typeof trust === 'string') return trust;
  return 'Effect' in trust ? statementText(trust) : JSON.stringify(trust);
}

function statementText(says: Says): string {
  if (typeof says === 'string') return `Allow ${says.includes(' on ') ? says : `${says} on *`}`;
  const { Effect, Condition, ...rest } = says;
  const parts = Object.entries(rest).map(([element, value]) => {
    const words = element === 'Action' ? '' : element === 'Resource' ? 'on ' : `${element} `;
    return `${words}${valueText(value)}`;
  });
  return [valueText(Effect), ...parts, ...(Condition === undefined ? [] : [`if ${JSON.stringify(Condition)}`])].join(
    ' ',
  );
}

const valueText = (value: Json | undefined): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value) && value.every((v) => typeof v === 'string')
      ? value.join(', ')
      : JSON.stringify(value);

/** Policies stand in answers as texts; here they are shown as what they say. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, readable(v as Json)]));
  return typeof value === 'string' && value.startsWith('{') ? (JSON.parse(value) as Json) : value;
}
