import { type Condition, unknown } from '../model/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { opensAction } from './public-opening.js';
import { openRoutes } from './open-routes.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

/** Functions behind an API of API Gateway that lets anybody call. */
export const exposedApi: Technique = {
  id: 'exposed-api',
  title: 'Enter a function through an API that asks nobody who calls',
  tactic: 'Initial Access',
  attack: ['T1190', 'T1648'],
  references: [
    `${GUIDE}/apigateway-control-access-to-api.html`,
    `${GUIDE}/http-api-access-control.html`,
    'https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html',
  ],
  premises: [
    'A method or route of an API that is not private, and has a stage, calls the function and has no authorizer.',
    'The policy of the function lets API Gateway invoke it.',
  ],
  assumptions: ['The code of the function gives way to what it is sent: an injection, or an unsafe use of its input.'],
  difficulty: { cost: 4, reason: 'a flaw in the code of the function is presumed' },
  detection: ['Access log of the stage', 'CloudWatch Logs of the function'],
  remediation: 'Give the routes an authorizer, or ask for signed requests; check in the code what it is sent.',
  steps: (world, emit) => {
    const told = new Set<string>();
    for (const { api, route, function: target, states, conditions } of openRoutes(world)) {
      const invoked = invokedByGateway(world, target);
      if (!invoked || world.graph.asset(target)?.type !== 'lambda:function') continue;
      const all = [
        ...conditions,
        ...invoked,
        unknown('function code', `whether the code of ${target} gives way to what it is sent is not in the API`),
      ];
      // Routes of one API to one function differ in nothing but what they are called.
      const key = [api, target, ...all.map(({ key: about }) => about)].join();
      if (told.has(key)) continue;
      told.add(key);
      emit({
        head: fact('exec', target),
        body: [INTERNET_FACT],
        conditions: all,
        label: {
          technique: exposedApi,
          detail: () => ({
            text: `Call ${nameOf(world, target)} by ${route} of ${api === undefined ? 'an API' : `API ${nameOf(world, api)}`}, and make its code run what it is sent.`,
            evidence: [stated(world, api ?? target, states)],
            fix: exposedApi.remediation,
          }),
        },
      });
    }
  },
};

/** The conditions on which API Gateway may invoke a function; `undefined` where its policy keeps it out. */
function invokedByGateway(world: World, target: string): readonly Condition[] | undefined {
  const policy = world.observed.detail('lambda/GetPolicy', target);
  if (policy === undefined)
    return [unknown('function policy', `whether the policy of ${target} lets API Gateway invoke it was not collected`)];
  const lets = world.iam
    .openings(target)
    .some(
      ({ to, who, actions }) =>
        opensAction({ actions }, 'lambda:InvokeFunction') &&
        (to === 'public' || (to === 'service' && (who === '*' || who === 'apigateway.amazonaws.com'))),
    );
  return lets ? [] : undefined;
}
