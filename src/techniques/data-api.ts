import { at, type Condition, flag, onceForBoth, partitionOf, text, unknown } from '../model/index.js';
import { permittedTogether } from './alike.js';
import { type DatabaseSteps, databaseTechnique, LOGIN } from './database-steps.js';
import { fact } from './fact.js';
import { keyedGroupOf, type KeyedGroup, keyedGroups, keyWays } from './keys.js';
import { freeNames } from './new-names.js';
import type { Requirement } from './permissions.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

const QUERY = 'rds-data:ExecuteStatement';
const GET = 'secretsmanager:GetSecretValue';
const CREATE = 'secretsmanager:CreateSecret';

const steps: DatabaseSteps = {
  info: {
    ...LOGIN,
    id: 'rds-data-api',
    title: 'Query an Aurora cluster by the Data API',
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html'],
    premises: [
      'The Data API is on, or somebody under the intruder’s control turns it on (rds:EnableHttpEndpoint); rds-data:ExecuteStatement is allowed on the cluster.',
      'The same principal may read a secret that holds its password; where a customer-managed key encrypts the secret, decrypt with it.',
      'Where no secret is known to hold it, some secret that may be read has to (where secrets were not collected, there may be one); or the intruder sets a new master password (rds:ModifyDBCluster) and puts it into a secret of its own (secretsmanager:CreateSecret).',
    ],
    assumptions: [],
    difficulty: { cost: 1, reason: 'an API call; no network path is needed' },
    detection: ['rds-data:ExecuteStatement (data event)', 'rds:EnableHttpEndpoint'],
    remediation: 'Turn the Data API off, or limit it and the secret to the application.',
  },
  forWorld: (world, step) => {
    for (const { id, record, account, region } of world.graph.assetsOfType('rds:db-cluster')) {
      const isOn = flag(at(record, 'HttpEndpointEnabled')) === true;
      if (!isOn && !(text(at(record, 'Engine')) ?? '').startsWith('aurora')) continue;
      const query: Requirement = { action: QUERY, resources: [id] };
      if (world.permissions.may(query).of(id) === undefined) continue;
      const turnedOn = isOn
        ? []
        : [world.permissions.may({ action: 'rds:EnableHttpEndpoint', resources: [id] }).of(id)];
      for (const { body, conditions, does } of [
        ...byKnownSecret(world, id, query),
        ...byOwnSecret(world, id, query, secretsIn({ account, region })),
        ...bySomeSecret(world, id, query, { account, region }),
        ...byUnseenSecret(world, id, query, { account, region }),
      ])
        step(fact('data-read', id), [...body, ...turnedOn], {
          does: isOn ? does : `Turn the Data API on. ${does}`,
          about: id,
          evidence: isOn ? 'has the Data API on' : 'can have the Data API turned on',
          conditions,
        });
    }
  },
};

type Place = Pick<KeyedGroup, 'account' | 'region'>;

/** The form of the secrets of a region. */
const secretsIn = ({ account, region }: Place): string =>
  `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:*`;

/** A way to name a secret with a login for a cluster. */
interface SecretWay {
  readonly body: readonly (string | undefined)[];
  readonly conditions: readonly Condition[];
  readonly does: string;
}

/** That the query's signer may read one of some secrets of a group: a body for each way to have their key used. */
const queryWith = (world: World, query: Requirement, group: KeyedGroup, secrets: readonly string[]) =>
  keyWays(world, group, `secretsmanager.${group.region}.amazonaws.com`, ['kms:Decrypt']).map(({ also, body }) => [
    world.permissions.may(query, { action: GET, resources: secrets }, ...also).of(query.resources[0] ?? ''),
    ...body,
  ]);

function byKnownSecret(world: World, cluster: string, query: Requirement): readonly SecretWay[] {
  const does = 'Query by the Data API cluster';
  return world.graph.outgoing(cluster, 'master-password-in').flatMap(({ to: secret }): readonly SecretWay[] => {
    const group = keyedGroupOf(world, 'secretsmanager:secret', secret);
    if (group)
      return queryWith(world, query, group, [secret]).map((body) => ({ body, conditions: group.conditions, does }));
    const body = [world.permissions.may(query, { action: GET, resources: [secret] }).of(cluster)];
    return [{ body, conditions: [unknown('key', `which key encrypts ${secret} was not collected`)], does }];
  });
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html#data-api.secrets */
function byOwnSecret(world: World, cluster: string, query: Requirement, form: string): readonly SecretWay[] {
  const reset = world.permissions.may({ action: 'rds:ModifyDBCluster', resources: [cluster] }).of(cluster);
  if (reset === undefined) return [];
  return newSecrets(world, form).flatMap(({ names, conditions }) => {
    const create = world.permissions.may({ action: CREATE, resources: names });
    return permittedTogether(names, [create]).map(({ ids, body }) => ({
      body: [reset, ...body, world.permissions.may(query, { action: GET, resources: ids }).of(cluster)],
      conditions,
      does: 'Set a new master password, put it into a secret, and query by the Data API cluster',
    }));
  });
}

const newSecrets = onceForBoth((world: World, form: string) => freeNames(world, form, [GET, CREATE]));

/** Secrets that hold a login need not say of what. All of a group are asked about, also one that is known: they are the same for every cluster. */
function bySomeSecret(
  world: World,
  cluster: string,
  query: Requirement,
  { account, region }: Place,
): readonly SecretWay[] {
  const known = new Set(world.graph.outgoing(cluster, 'master-password-in').map(({ to }) => to));
  return keyedGroups(world, 'secretsmanager:secret').flatMap((group): readonly SecretWay[] => {
    if (group.account !== account || group.region !== region || group.ids.every((id) => known.has(id))) return [];
    const holds = unknown(
      'database credential',
      `whether a secret that may be read holds a login for ${cluster} is not in the API`,
    );
    return queryWith(world, query, group, group.ids).map((body) => ({
      body,
      conditions: [...group.conditions, holds],
      does: BY_LOGIN,
    }));
  });
}

const BY_LOGIN = 'Query, with the login in a secret, by the Data API cluster';
const SECRETS = 'secrets-manager/ListSecrets';

/** Where secrets were not listed: one that may be read may be there, and may hold a login. */
function byUnseenSecret(world: World, cluster: string, query: Requirement, place: Place): readonly SecretWay[] {
  if (world.observed.answer(SECRETS, place.account, place.region) !== undefined) return [];
  const why = `${SECRETS} was not collected in ${place.region}: whether a secret that may be read holds a login for ${cluster} is not known`;
  return [
    {
      body: [world.permissions.may(query, { action: GET, resources: [secretsIn(place)] }).of(cluster)],
      conditions: [unknown('database credential', why)],
      does: BY_LOGIN,
    },
  ];
}

export const rdsDataApi: Technique = databaseTechnique(steps);
