import { type Condition, groupBy, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { bothWays, type HeldWay, waysOfHolders } from './held-ways.js';
import { passersOf } from './passers.js';
import type { Technique } from './technique.js';
import { rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const LAMBDA = 'lambda.amazonaws.com';
const CONFIGURE = 'lambda:UpdateFunctionConfiguration';

export const functionRoleSwap: Technique = {
  id: 'lambda-role-swap',
  title: 'Give a stronger role to a function, with a layer that runs code in it',
  tactic: 'Privilege Escalation',
  attack: ['T1548.005', 'T1648'],
  references: [
    'https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
  ],
  premises: [
    `One principal may call iam:PassRole on the role for Lambda, and ${CONFIGURE} on a function.`,
    'The role trusts Lambda and is in the account of the function.',
  ],
  assumptions: [
    'The function is invoked by what invokes it today: an event, a URL, a schedule.',
    'The runtime loads code from a layer or by its environment.',
  ],
  difficulty: { cost: 2, reason: 'a payload and a few API calls' },
  detection: [eventOf(CONFIGURE)],
  remediation: 'Limit iam:PassRole to the roles and the service that the principal has to deploy with.',
  steps: (world, emit) => {
    for (const { account, partition, ids } of groupsOf(world, 'iam:role')) {
      const trusted = rolesTrusting(world, LAMBDA, ids);
      if (trusted.size === 0) continue;
      const passers = passersOf(world, LAMBDA, [...trusted.keys()]);
      if (passers.size === 0) continue;
      const functions = functionsByPrincipal(world, account, partition, passers);
      for (const [principal, passed] of passers) {
        for (const [needs, own] of groupBy(functions.get(principal) ?? [], ({ way }) => way.needs.join('\n'))) {
          const configured = fact('may', `swap the role of a function as ${principal} ${needs}`);
          for (const { id, way } of own) {
            emit({
              head: configured,
              body: [fact('creds', principal), ...way.needs],
              cost: 0,
              conditions: way.conditions,
              label: {
                technique: functionRoleSwap,
                inner: true,
                detail: () => ({
                  text: '',
                  evidence: [stated(world, id, `is a function that ${nameOf(world, principal)} may configure`)],
                  fix: '',
                }),
              },
            });
          }
          for (const { roles, way } of passed) {
            const both = bothWays(way, { needs: own[0]?.way.needs ?? [], conditions: [] });
            for (const role of roles) {
              emit({
                head: fact('creds', role),
                body: [configured, ...both.needs],
                conditions: [...both.conditions, ...(trusted.get(role) ?? [])],
                label: {
                  technique: functionRoleSwap,
                  detail: () => ({
                    text: `Give a function role ${nameOf(world, role)} and a layer, and read its credentials there.`,
                    evidence: [stated(world, role, `trusts ${LAMBDA}`)],
                    fix: `Limit iam:PassRole of ${nameOf(world, principal)} so that it cannot pass ${nameOf(world, role)} to Lambda.`,
                  }),
                },
              });
            }
          }
        }
      }
    }
  },
};

interface Configurable {
  readonly id: string;
  readonly way: HeldWay;
}

/** The functions that each of the principals may configure; any, on condition that there is one, where functions were not collected. */
function functionsByPrincipal(
  world: World,
  account: string,
  partition: string,
  principals: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly Configurable[]> {
  const functions = new Map<string, Configurable[]>();
  const add = (ids: readonly string[], further: readonly Condition[]): void => {
    const allowed = world.permissions.may({ action: CONFIGURE, resources: ids });
    for (const id of allowed.resources) {
      for (const [principal, ways] of waysOfHolders(allowed.holders(id))) {
        if (!principals.has(principal)) continue;
        const known = functions.get(principal) ?? [];
        functions.set(principal, known);
        for (const { needs, conditions } of ways)
          known.push({ id, way: { needs, conditions: [...conditions, ...further] } });
      }
    }
  };
  for (const group of groupsOf(world, 'lambda:function')) if (group.account === account) add(group.ids, []);
  if (!world.observed.isCollected('lambda/ListFunctions', account))
    add(
      [`arn:${partition}:lambda:*:${account}:function:*`],
      [unknown('lambda:function', `lambda/ListFunctions was not collected everywhere in ${account}`)],
    );
  return functions;
}
