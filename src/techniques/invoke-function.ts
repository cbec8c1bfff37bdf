import { unknown } from '../model/index.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated } from './world.js';

/** The calls by which a function is invoked, and how hard each is. */
const CALLS = [
  ['lambda:InvokeFunction', 'Invoke', 7],
  ['lambda:AddPermission', 'Let all invoke, and invoke,', 8],
] as const;

/** Whoever may invoke a function says what it is sent, as a caller of its URL does. */
export const invokeFunction: Technique = {
  id: 'invoke-function',
  title: 'Send a function what makes its code run the intruder’s',
  tactic: 'Execution',
  attack: ['T1648', 'T1059'],
  references: [
    'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
    'https://owasp.org/www-project-serverless-top-10/',
  ],
  premises: [
    'lambda:InvokeFunction is allowed on the function: the caller says what it is sent. Or lambda:AddPermission is, by which anybody is let in.',
  ],
  assumptions: ['The code of the function gives way to what it is sent: an injection, or an unsafe use of its input.'],
  difficulty: { cost: 7, reason: 'a flaw in the code of the function has to be found' },
  detection: ['lambda:Invoke (data event)', 'CloudWatch Logs of the function'],
  remediation:
    'Limit lambda:InvokeFunction and lambda:AddPermission to the callers of the function, and check in its code what it is sent.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'lambda:function'))
      for (const [action, does, cost] of CALLS) {
        const facts = world.permissions.may({ action, resources: ids });
        for (const id of facts.resources) {
          const may = facts.of(id);
          if (may === undefined) continue;
          emit({
            head: fact('exec', id),
            body: [may],
            cost,
            conditions: [
              unknown('function code', `whether the code of ${id} gives way to what it is sent is not in the API`),
            ],
            label: {
              technique: invokeFunction,
              detail: () => ({
                text: `${does} ${nameOf(world, id)}, and make its code run what it is sent.`,
                evidence: [stated(world, id, 'may be invoked')],
                fix: invokeFunction.remediation,
              }),
            },
          });
        }
      }
  },
};
