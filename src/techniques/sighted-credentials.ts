import { type Condition, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { readersOf } from './sighting-readers.js';
import { storeLinks, withCluster } from './store-links.js';
import type { Technique } from './technique.js';
import { nameOf, type World } from './world.js';

/** Secrets by which a workload logs in to a database. */
const LOGINS: ReadonlySet<string> = new Set(['password', 'connection-string']);
const DATABASES = ['rds:db-instance', 'rds:db-cluster', 'redshift:cluster'];

/** A workload that holds a password and reaches a database over the network holds, as a rule, that database's. */
export const sightedDatabaseCredential: Technique = {
  id: 'sighted-database-credential',
  title: 'Take a database password that stands in user data or environment variables',
  tactic: 'Credential Access',
  attack: ['T1552', 'T1552.005'],
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded-db-creds.html',
  ],
  premises: [
    'A password or connection string stands in the user data or the environment variables of a workload.',
    'That workload reaches the database over the network.',
    'The intruder runs code there, or may read the text by the API.',
  ],
  assumptions: ['The password is the one of a database that the workload reaches; the snapshot never holds its value.'],
  difficulty: { cost: 1, reason: 'one read' },
  detection: ['ec2:DescribeInstanceAttribute', eventOf('lambda:GetFunction')],
  remediation: 'Keep the password in Secrets Manager, and change it.',
  steps: (world, emit) => {
    const holding = world.observed.sightings.filter((s) => s.kinds.some((kind) => LOGINS.has(kind)));
    if (holding.length === 0) return;
    const reached = databasesReached(world, new Set(holding.map((s) => s.holder)));
    for (const sighting of holding) {
      const databases = reached.get(sighting.holder) ?? [];
      if (databases.length === 0) continue;
      for (const body of readersOf(world, sighting)) {
        for (const { database, conditions } of databases) {
          emit({
            head: fact('db-creds', database),
            body,
            conditions: [
              ...conditions,
              unknown(
                'database credential',
                `whether the password in ${sighting.holder} is one of ${database} is not known`,
              ),
            ],
            label: {
              technique: sightedDatabaseCredential,
              detail: () => ({
                text: `Take the password in ${nameOf(world, sighting.holder)}, which reaches ${nameOf(world, database)}.`,
                evidence: [
                  { asset: sighting.holder, fact: `holds a ${sighting.kinds.join(', a ')}`, source: sighting.source },
                ],
                fix: `Take the password out of ${nameOf(world, sighting.holder)}, and change it.`,
              }),
            },
          });
        }
      }
    }
  },
};

interface Reached {
  readonly database: string;
  readonly conditions: readonly Condition[];
}

/** The databases, and their clusters, to which each of the holders can connect; certain connections before others. */
function databasesReached(world: World, holders: ReadonlySet<string>): ReadonlyMap<string, readonly Reached[]> {
  const reached = new Map<string, Map<string, Reached>>();
  for (const link of storeLinks(world)) {
    const sources = link.sources.filter((source) => holders.has(source));
    if (sources.length === 0) continue;
    const conditions = link.verdict === 'yes' ? [] : link.conditions;
    const targets = link.targets
      .filter((t) => DATABASES.includes(world.graph.asset(t)?.type ?? ''))
      .flatMap((t) => withCluster(world, t));
    for (const source of sources) {
      const known = reached.get(source) ?? new Map<string, Reached>();
      reached.set(source, known);
      for (const database of targets) {
        const before = known.get(database);
        if (before === undefined || (before.conditions.length > 0 && conditions.length === 0))
          known.set(database, { database, conditions });
      }
    }
  }
  return new Map([...reached].map(([source, databases]) => [source, [...databases.values()]]));
}
