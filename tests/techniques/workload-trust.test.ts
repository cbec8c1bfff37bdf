import { describe, expect, test } from 'vitest';
import { askExample } from './examples/ask.js';
import type { TechniqueExamples } from './examples/example.js';
import { EXAMPLES } from './examples/index.js';
import { type Miniature, type MiniatureRole, roleArn } from './miniature.js';

/** As in {@link MiniatureRole.trust}. */
const servicesOf = ({ trust = 'ec2.amazonaws.com' }: MiniatureRole): string | undefined =>
  typeof trust === 'string' && trust.endsWith('.amazonaws.com') ? trust : undefined;

const withRole = (world: Miniature, name: string, role: MiniatureRole): Miniature => ({
  ...world,
  roles: { ...world.roles, [name]: role },
});

interface ServiceRole {
  readonly id: string;
  readonly examples: TechniqueExamples;
  readonly name: string;
  readonly role: MiniatureRole;
  readonly service: string;
}

/** It writes into the trust policy itself whom that lets in. */
const TRUST_REWRITE = 'update-assume-role-policy';

/** The techniques by which a role of some service is had, in the account of their example. */
const SERVICE_ROLES = [...EXAMPLES].flatMap(([id, examples]): readonly ServiceRole[] =>
  Object.entries(examples.works.world.roles ?? {}).flatMap(([name, role]): readonly ServiceRole[] => {
    const service = servicesOf(role);
    const isHad = roleArn(name) === examples.reaches && id !== TRUST_REWRITE;
    return service !== undefined && isHad ? [{ id, examples, name, role, service }] : [];
  }),
);

describe('a role of a service is had only as long as it lets that service in', () => {
  test.each(SERVICE_ROLES)('$id: $service', ({ id, examples, name, role, service }) => {
    const confidence = (trust: MiniatureRole['trust']): string | undefined =>
      askExample(id, examples, withRole(examples.works.world, name, { ...role, ...(trust && { trust }) })).way
        ?.confidence;
    const letsIn = (Effect: string, Condition?: Record<string, Record<string, string>>) => ({
      Effect,
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    });
    expect(confidence(letsIn('Allow'))).toBe(examples.works.depends === undefined ? 'confirmed' : 'conditional');
    expect(confidence('support.amazonaws.com')).toBeUndefined();
    expect(confidence(letsIn('Deny'))).toBeUndefined();
    const elsewhere = { StringEquals: { 'aws:SourceAccount': '999988887777' } };
    expect(confidence(letsIn('Allow', elsewhere))).toBeUndefined();
  });

  test('of each kind of what runs with a role', () => {
    const services = new Set(SERVICE_ROLES.map(({ service }) => service));
    for (const service of ['ec2', 'lambda', 'ecs-tasks', 'codebuild', 'cloudformation', 'glue', 'sagemaker', 'states'])
      expect(services).toContain(`${service}.amazonaws.com`);
    for (const service of ['tasks.apprunner', 'bedrock-agentcore', 'airflow-env'])
      expect(services).toContain(`${service}.amazonaws.com`);
  });
});
