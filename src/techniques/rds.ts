import { at, flag, partitionOf, text, unknown } from '../model/index.js';
import { isDirect } from '../network/index.js';
import { rdsDataApi } from './data-api.js';
import { type DatabaseSteps, databaseTechnique, instanceOrCluster, isMember, LOGIN } from './database-steps.js';
import { EACH, fact, INTERNET_FACT, ONLINE_FACT } from './fact.js';
import { networkConnection } from './network-connection.js';
import { openedStores } from './opened-stores.js';
import { isNetworkStore, storeLinks, withCluster } from './store-links.js';
import type { Emit, Technique } from './technique.js';
import { groupsOf, nameOf, type World } from './world.js';

const DATABASES = ['rds:db-instance', 'rds:db-cluster'] as const;

/**
 * A read replica has the password of its source, and cannot be given one.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
 */
const isReplica = (world: World, database: string): boolean => world.graph.outgoing(database, 'replica-of').length > 0;

/** Logging in takes a connection and a credential: the two come from different places. */
const login: DatabaseSteps = {
  info: {
    ...LOGIN,
    id: 'rds-login',
    title: 'Log in to a database that can be reached, with a known credential',
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html'],
    premises: [
      "The intruder's host or address reaches the database's port.",
      'The intruder knows a password or token for it.',
    ],
    assumptions: [],
    difficulty: { cost: 1, reason: 'a database client' },
    detection: ['Database audit log; Performance Insights by host'],
    remediation: "Let only the application's security group reach the database.",
  },
  forWorld: (world, step) => {
    for (const type of DATABASES) {
      for (const { id } of world.graph.assetsOfType(type)) {
        step(fact('data-read', id), [fact('net-reach', id), fact('db-creds', id)], {
          does: 'Log in to and read database',
          about: id,
          evidence: 'answers logins on its port',
        });
      }
    }
  },
};

const foundCredential: DatabaseSteps = {
  info: {
    ...LOGIN,
    id: 'rds-found-credential',
    title: 'Log in to a database that can be reached, with a credential found or guessed',
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html',
      'https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded-db-creds.html',
    ],
    premises: [
      'The port of the database is reached.',
      'A credential is found on the host that reaches it, as application servers hold one, or gives way to guessing.',
    ],
    assumptions: [],
    difficulty: { cost: 3, reason: 'the credential has to be found on the host' },
    detection: ['Database audit log: statements that the application does not make'],
    remediation: 'Keep hosts that do not use the database from reaching it; use short-lived credentials.',
  },
  forWorld: (world, step, emit) => {
    // A host that reaches a database only once the network was opened is none that uses it, and holds no credential for it.
    const opened = openedElsewhere(world, emit);
    for (const type of DATABASES) {
      for (const { id } of world.graph.assetsOfType(type)) {
        step(fact('data-read', id), [fact('net-reach', id), ...(opened.has(id) ? [reachedAsItIs(id)] : [])], {
          does: 'Log in with a found or guessed credential to database',
          about: id,
          evidence: 'is reached over the network',
          conditions: [
            unknown('database credential', `whether a credential for ${id} can be found or guessed is not in the API`),
          ],
        });
      }
    }
  },
};

/** Stores that some hosts reach only once the network is changed, and not everybody as it is. */
function openedElsewhere(world: World, emit: Emit): ReadonlySet<string> {
  const exposed = world.network
    .exposures()
    .filter(({ grade }) => isDirect(grade))
    .flatMap(({ asset }) => withCluster(world, asset));
  const open = new Set(exposed);
  return new Set([...openedStores(world, emit)].filter((store) => !open.has(store)));
}

/** The fact of being on a host that reaches a database as the network is. */
const reachedAsItIs = (database: string): string => fact('may', `reach as it is ${database}`);

/** `net-reach database ← exec host`, through the classes of the network; and from the internet. */
const reach: DatabaseSteps = {
  info: networkConnection,
  forWorld: (world, _step, emit) => {
    const opened = openedElsewhere(world, emit);
    for (const link of storeLinks(world)) {
      const targets = link.targets.filter((t) => isNetworkStore(world, t));
      if (targets.length === 0) continue;
      const linked = fact('may', `link ${link.id}`);
      const detail = () => ({
        text: `Connect on ${link.ports.join(', ')}.`,
        evidence: link.evidence,
        fix: reach.info.remediation,
      });
      const label = { technique: reach.info, inner: true, detail };
      emit({ head: linked, body: [fact('exec', EACH)], each: link.sources, cost: 0, label });
      const conditions = link.verdict === 'yes' ? [] : link.conditions;
      for (const target of targets) {
        for (const database of withCluster(world, target)) {
          if (opened.has(database)) {
            const inner = { technique: networkConnection, inner: true, detail };
            emit({ head: reachedAsItIs(database), body: [linked], conditions, cost: 0, label: inner });
          }
          emit({
            head: fact('net-reach', database),
            body: [linked],
            conditions,
            label: {
              technique: reach.info,
              detail: () => ({ ...detail(), text: `Connect to ${nameOf(world, target)} on ${link.ports.join(', ')}.` }),
            },
          });
        }
      }
    }
  },
};

const exposed: DatabaseSteps = {
  info: {
    id: 'exposed-database',
    title: 'Connect to a database that the internet reaches',
    tactic: 'Initial Access',
    attack: ['T1190', 'T1133'],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html'],
    premises: [
      'The database is publicly accessible, and its subnets, network ACLs and security groups let the internet in.',
    ],
    assumptions: [],
    difficulty: { cost: 1, reason: 'a connection' },
    detection: ['VPC flow logs', 'GuardDuty RDS Protection: failed and anomalous logins'],
    remediation: 'Make the database not publicly accessible.',
  },
  forWorld: (world, _step, emit) => {
    for (const exposure of world.network.exposures()) {
      if (!isNetworkStore(world, exposure.asset) || !isDirect(exposure.grade)) continue;
      for (const database of withCluster(world, exposure.asset))
        for (const from of [INTERNET_FACT, ONLINE_FACT])
          emit({
            head: fact('net-reach', database),
            body: [from],
            conditions: exposure.verdict === 'yes' ? [] : exposure.conditions,
            label: {
              technique: exposed.info,
              detail: () => ({
                text: `Connect to ${nameOf(world, database)} on ${exposure.ports.join(', ')} from ${exposure.sources.join(', ')}.`,
                evidence: exposure.evidence,
                fix: exposed.info.remediation,
              }),
            },
          });
    }
  },
};

const masterPassword: DatabaseSteps = {
  info: {
    ...LOGIN,
    attack: ['T1098', 'T1531'],
    id: 'rds-master-password',
    title: 'Set a new master password of a database',
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html'],
    premises: [
      'rds:ModifyDBInstance (or rds:ModifyDBCluster) is allowed on it.',
      'It has a password of its own: it is neither a member of a cluster nor a read replica.',
    ],
    assumptions: ['Where Secrets Manager keeps the password, the same call turns that off.'],
    difficulty: { cost: 2, reason: 'the application loses its login, which is seen' },
    detection: ['rds:ModifyDBInstance', 'rds:ModifyDBCluster'],
    remediation: 'Deny rds:ModifyDBInstance on production databases to workloads.',
  },
  forWorld: (world, step) => {
    for (const type of DATABASES) {
      for (const { ids } of groupsOf(world, type)) {
        const may = world.permissions.may({ action: `rds:Modify${instanceOrCluster(type)}`, resources: ids });
        for (const id of may.resources) {
          if (!isMember(world, id) && !isReplica(world, id))
            step(fact('db-creds', id), [may.of(id)], {
              does: 'Set a new master password for',
              about: id,
              evidence: 'has a master user',
            });
        }
      }
    }
  },
};

const managedSecret: DatabaseSteps = {
  info: {
    ...LOGIN,
    attack: ['T1555.006'],
    id: 'rds-managed-secret',
    title: 'Read the master password from its secret',
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html'],
    premises: ['The secret that holds the master password can be read.'],
    assumptions: [],
    difficulty: { cost: 0, reason: 'the secret is read already' },
    detection: ['secretsmanager:GetSecretValue'],
    remediation: 'Limit secretsmanager:GetSecretValue on the secret.',
  },
  forWorld: (world, step) => {
    for (const type of DATABASES) {
      for (const { id } of world.graph.assetsOfType(type)) {
        for (const { to } of world.graph.outgoing(id, 'master-password-in')) {
          step(fact('db-creds', id), [fact('data-read', to)], {
            does: 'Take the master password from its secret, of',
            about: id,
            evidence: `its master password is in ${to}`,
          });
        }
      }
    }
  },
};

/**
 * The resource of `rds-db:connect` names the database's resource id, not its name.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
const iamAuthentication: DatabaseSteps = {
  info: {
    ...LOGIN,
    id: 'rds-iam-authentication',
    title: 'Log in to a database by IAM authentication',
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html'],
    premises: ['rds-db:connect is allowed for a user of the database.', 'IAM authentication is on.'],
    assumptions: ['The database user exists and is set up for IAM authentication.'],
    difficulty: { cost: 1, reason: 'a token and a database client' },
    detection: ['Database log: logins with tokens'],
    remediation: 'Name the exact database users in rds-db:connect.',
  },
  forWorld: (world, step) => {
    const users = DATABASES.flatMap((type) =>
      world.graph.assetsOfType(type).flatMap(({ id, record, region, account }) => {
        const resource = text(at(record, 'DbiResourceId')) ?? text(at(record, 'DbClusterResourceId'));
        if (flag(at(record, 'IAMDatabaseAuthenticationEnabled')) !== true || resource === undefined) return [];
        return [{ id, user: `arn:${partitionOf(region)}:rds-db:${region}:${account}:dbuser:${resource}/*` }];
      }),
    );
    const may = world.permissions.may({ action: 'rds-db:connect', resources: users.map(({ user }) => user) });
    for (const { id, user } of users) {
      step(fact('db-creds', id), [may.of(user)], {
        does: 'Make a login token for',
        about: id,
        evidence: 'has IAM authentication on',
      });
    }
  },
};

/** Databases: `data-read database ← net-reach database ∧ db-creds database`, and the Data API. */
export const RDS_TECHNIQUES: readonly Technique[] = [
  exposed,
  reach,
  login,
  foundCredential,
  masterPassword,
  managedSecret,
  iamAuthentication,
]
  .map(databaseTechnique)
  .concat(rdsDataApi);
