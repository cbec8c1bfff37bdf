import { at, type Condition, field, flag, type JsonObject, texts, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

/** The replication group that a cache is a member of, or the cache itself. */
const groupOf = (world: World, cache: string): string => world.graph.outgoing(cache, 'member-of')[0]?.to ?? cache;

/**
 * What a cache asks those for who reach it: a token of its own, or users with passwords; else nothing.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
 */
function passwordOf(world: World, cache: string): readonly Condition[] {
  const group = groupOf(world, cache);
  const records = [cache, group].map((id) => world.graph.asset(id)?.record);
  if (records.some((record) => flag(at(record, 'AuthTokenEnabled')) === true))
    return [unknown('cache credential', `whether the intruder finds the token of ${cache} is not in the API`)];
  if (records.some((record) => texts(at(record, 'UserGroupIds')).length > 0))
    return [
      unknown('cache credential', `whether ${cache} has a user without a password, or one is found, was not collected`),
    ];
  const isTold = records.some((record) => flag(at(record, 'AuthTokenEnabled')) === false);
  const groupIsTold = group === cache ? !isMemberOfUnseen(world, cache) : world.graph.asset(group) !== undefined;
  return isTold && groupIsTold ? [] : [unknown('cache credential', `whether ${cache} asks for one was not collected`)];
}

/** A member of a group whose own record, with its users, was not collected. */
const isMemberOfUnseen = (world: World, cache: string): boolean =>
  field((world.graph.asset(cache)?.record ?? {}) as JsonObject, 'ReplicationGroupId') !== undefined;

const step = (on: string): ResourceStep => ({
  info: {
    id: 'elasticache-login',
    title: 'Read a cache that can be reached',
    tactic: 'Collection',
    attack: ['T1213.006', 'T1530'],
    references: [
      'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html',
      'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html',
    ],
    premises: [
      'The port of the cache is reached.',
      'The cache asks for no token and has no user group; else a credential has to be found.',
    ],
    difficulty: { cost: 1, reason: 'a client of the cache' },
    detection: ['VPC flow logs'],
    remediation: 'Let only those that use the cache reach it, and give it a user group whose users have passwords.',
  },
  on,
  calls: [],
  needs: (_world, id) => [fact('net-reach', id)],
  when: passwordOf,
  gives: ['data-read', 'data-write'],
  does: 'Connect to and read cache',
  evidence: 'answers on its port',
});

const CLUSTERS = makeResourceStep(step('elasticache:cluster'));
const GROUPS = makeResourceStep(step('elasticache:replication-group'));

/** Caches of ElastiCache: each cluster, and the groups that they form. */
export const elasticacheLogin: Technique = {
  ...CLUSTERS,
  steps: (world, emit) => {
    CLUSTERS.steps(world, emit);
    GROUPS.steps(world, emit);
  },
};
