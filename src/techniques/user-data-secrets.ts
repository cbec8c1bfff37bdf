import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, type SecretSighting, type World } from './world.js';

export const userDataSecrets: Technique = {
  id: 'user-data-secrets',
  title: 'Use an access key that stands in user data or environment variables',
  tactic: 'Credential Access',
  attack: ['T1552.005', 'T1552'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  ],
  premises: [
    'User data of an instance, or an environment variable of a function, holds an access key of a user of a collected account.',
    'The intruder runs code there, or may read it by the API (ec2:DescribeInstanceAttribute; lambda:GetFunctionConfiguration, lambda:GetFunction or lambda:ListFunctions).',
  ],
  assumptions: ['The secret of the key stands beside its id.'],
  difficulty: { cost: 1, reason: 'one read' },
  detection: ['ec2:DescribeInstanceAttribute', 'lambda:GetFunction'],
  remediation: 'Delete the access key, and let the workload use a role.',
  steps: (world, emit) => {
    const readers = readersOf(world);
    for (const sighting of world.observed.sightings) {
      for (const key of sighting.accessKeyIds) {
        const user = world.observed.ownerOfAccessKey(key);
        if (user === undefined) continue;
        for (const way of [fact('exec', sighting.holder), ...readers(sighting)]) {
          emit({
            head: fact('creds', user),
            body: [way],
            label: {
              technique: userDataSecrets,
              detail: () => ({
                text: `Read access key ${key} of user ${nameOf(world, user)} from ${nameOf(world, sighting.holder)}.`,
                evidence: [{ asset: sighting.holder, fact: `holds access key ${key}`, source: sighting.source }],
                fix: `Delete access key ${key} of ${nameOf(world, user)}.`,
              }),
            },
          });
        }
      }
    }
  },
};

const READ_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ec2:instance', ['ec2:DescribeInstanceAttribute']],
  ['lambda:function', ['lambda:GetFunctionConfiguration', 'lambda:GetFunction', 'lambda:ListFunctions']],
]);

/** The permissions by which the text that holds a secret can be read. */
function readersOf(world: World): (sighting: SecretSighting) => readonly string[] {
  return ({ holder }) => {
    const type = world.graph.asset(holder)?.type ?? '';
    const group = groupsOf(world, type).find((g) => g.ids.includes(holder));
    if (!group) return [];
    return (READ_ACTIONS.get(type) ?? []).flatMap((action) => {
      const resources = action === 'lambda:ListFunctions' ? ['*'] : [holder];
      const may = world.permissions.may({ action, resources }).of(resources[0] as string);
      return may === undefined ? [] : [may];
    });
  };
}
