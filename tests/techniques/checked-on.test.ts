import { expect, test, vi } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type * as permissions from '../../src/techniques/permissions.js';
import { EXAMPLES } from './examples/index.js';
import { miniature } from './miniature.js';
import { resourcesOf } from './resource-types.js';

/** What one call was asked about: an action, and all that one principal has to have it on. */
const asked = vi.hoisted(() => new Map<string, Set<string>>());

vi.mock('../../src/techniques/permissions.js', async (original) => {
  const module = await original<typeof permissions>();
  const recording: typeof module.makePermissions = (...input) => {
    const made = module.makePermissions(...input);
    const may: typeof made.may = (...requirements) => {
      const resources = new Map<string, string[]>();
      for (const { action, resources: own } of requirements)
        resources.set(action, [...(resources.get(action) ?? []), ...own]);
      for (const [action, own] of resources) {
        const known = asked.get(action) ?? new Set();
        asked.set(action, known.add(own.join(' ')));
      }
      return made.may(...requirements);
    };
    return { ...made, may };
  };
  return { ...module, makePermissions: recording };
});

/** What AWS says is needed and is not asked together with the rest, and why. */
const APART: Readonly<Record<string, readonly string[]>> = {
  // One of AWS, or one's own: the intruder makes its own.
  'bedrock-agentcore:InvokeCodeInterpreter': ['code-interpreter'],
  'bedrock-agentcore:StartBrowserSession': ['browser'],
  'bedrock-agentcore:StartCodeInterpreterSession': ['code-interpreter'],
  'bedrock-agentcore:InvokeAgentRuntimeCommand': ['runtime-endpoint'],
  // A table or its stream.
  'dynamodb:DeleteResourcePolicy': ['stream'],
  'dynamodb:PutResourcePolicy': ['stream'],
  // No account owns these.
  'braket:CreateJob': ['device'],
  // Policies that AWS publishes for the call name the definition and the queue.
  'batch:SubmitJob': ['job'],
  // Who may attach to hosts divides these into classes first.
  'ec2:AttachVolume': ['volume'],
  // In which subnets, and with which groups, is found out first.
  'ec2:RunInstances': ['image', 'instance', 'network-interface', 'security-group', 'subnet'],
  // On condition where it is not allowed on the cluster.
  'ecs:ExecuteCommand': ['cluster'],
  // Policies that AWS publishes for the call name the document and the instances.
  'ssm:CreateAssociation': ['association'],
  // Checked on the document in one of two spellings.
  'ssm:StartAutomationExecution': ['automation-execution', 'document'],
};

/** Paths of API Gateway and of the parameter store stand for all that is below. */
const PATHS = /^arn:aws:(?:apigateway:[^:]*::|ssm:[^:]*:\d*:parameter)\/\*?$/;

test('each call is asked about on what AWS checks it on, all of it together', async () => {
  for (const { works, unknown } of EXAMPLES.values())
    for (const { world } of [works, unknown]) void openAnalysis(miniature(world), { toolVersion: '' }).attack;
  expect(asked.size).toBeGreaterThan(250);
  const wrong: string[] = [];
  for (const [action, lists] of asked) {
    const types = await resourcesOf(action);
    const needed = types.filter(({ name, required }) => required && APART[action]?.includes(name) !== true);
    for (const list of lists) {
      const resources = list.split(' ').filter((resource) => resource !== '' && !PATHS.test(resource));
      if (resources.length === 0) continue;
      if (types.length === 0 && resources.some((resource) => resource !== '*'))
        wrong.push(`${action} is on nothing: ${list}`);
      for (const resource of types.length === 0 ? [] : resources)
        if (APART[action] === undefined && !types.some(({ fits }) => fits(resource)))
          wrong.push(`${action} is not on ${resource}`);
      for (const { name, fits } of needed)
        if (!resources.some(fits)) wrong.push(`${action} is on ${name} too: ${list}`);
    }
  }
  expect(wrong).toEqual([]);
});
