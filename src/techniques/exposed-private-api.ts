import { asEvidence, ENTERED, exposedService, strengthOf } from './exposed-service.js';
import { fact, INTERNET_FACT } from './fact.js';
import { linkedRoutes } from './open-routes.js';
import type { Technique } from './technique.js';
import { nameOf, stated } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

/** Hosts to which an API of API Gateway sends on what anybody asks, by a link into their VPC. */
export const exposedPrivateApi: Technique = {
  id: 'exposed-private-api',
  title: 'Enter an instance or task through an API that sends on what anybody asks',
  tactic: 'Initial Access',
  attack: ['T1190'],
  references: [`${GUIDE}/http-api-develop-integrations-private.html`, `${GUIDE}/set-up-private-integration.html`],
  premises: [
    'A method or route of an API that is not private, and has a stage, is sent on by a VPC link and has no authorizer.',
    'The link reaches the balancer, and the balancer a port of the instance, or of a task of ECS with an interface of its own; or the task itself, which is registered in Cloud Map.',
  ],
  assumptions: exposedService.assumptions,
  difficulty: exposedService.difficulty,
  detection: ['Access log of the stage', 'Access log of the load balancer'],
  remediation: 'Give the routes an authorizer, or ask for signed requests.',
  steps: (world, emit) => {
    const told = new Set<string>();
    for (const { api, route, question, states, conditions } of linkedRoutes(world)) {
      for (const target of world.network.sentByLink(question)) {
        if (!ENTERED.has(target.type)) continue;
        const all = target.verdict === 'yes' ? conditions : [...conditions, ...target.conditions];
        // Routes of one API to one host differ in nothing but what they are called.
        const key = [api, target.asset, ...target.ports, ...all.map(({ key: about }) => about)].join();
        if (told.has(key)) continue;
        told.add(key);
        const { cost, assumptions, evidence } = strengthOf(target, world.observed.weaknesses(target.asset));
        emit({
          head: fact('exec', target.asset),
          body: [INTERNET_FACT],
          cost,
          conditions: all,
          label: {
            technique: exposedPrivateApi,
            assumptions,
            detail: () => ({
              text: `Enter ${nameOf(world, target.asset)} through ${target.ports.join(', ')}, to which ${route} of API ${nameOf(world, api ?? '')} leads.`,
              evidence: [
                stated(world, api ?? '', states),
                ...target.evidence,
                ...evidence.map((weakness) => asEvidence(target.asset, weakness)),
              ],
              fix: exposedPrivateApi.remediation,
            }),
          },
        });
      }
    }
  },
};
