import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { readersOf } from './sighting-readers.js';
import type { Technique } from './technique.js';
import { nameOf } from './world.js';

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
    'User data of an instance or launch template, or an environment variable of a function, task or build, holds an access key of a user of a collected account.',
    'The intruder runs code there, or may read it by the API (ec2:DescribeInstanceAttribute, ec2:DescribeLaunchTemplateVersions, lambda:GetFunctionConfiguration, ecs:DescribeTaskDefinition, codebuild:BatchGetProjects or their like).',
  ],
  assumptions: ['The secret of the key stands beside its id.'],
  difficulty: { cost: 1, reason: 'one read' },
  detection: ['ec2:DescribeInstanceAttribute', eventOf('lambda:GetFunction')],
  remediation: 'Delete the access key, and let the workload use a role.',
  steps: (world, emit) => {
    for (const sighting of world.observed.sightings) {
      for (const key of sighting.accessKeyIds) {
        const user = world.observed.ownerOfAccessKey(key);
        if (user === undefined) continue;
        for (const body of readersOf(world, sighting)) {
          emit({
            head: fact('creds', user),
            body,
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
