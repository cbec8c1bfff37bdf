import { type CatalogueFamily, IN_A_HOST, KUBERNETES, notCollected } from './catalogue-row.js';

const FORGED = 'Running code is presumed of what is exposed; a forged request alone is not told apart.';
const PODS = 'Of tasks of ECS: pods are not collected.';
const SEEN = ['user-data-secrets', 'sighted-database-credential'];

export const TO_CREDENTIALS: CatalogueFamily = {
  title: 'From running code to credentials',
  rows: [
    ['The metadata service, version 1, by a forged request', ['imds-forged-request']],
    ['The metadata service, from the host itself', ['imds-credential-theft']],
    ['The metadata service, version 2, by a forged request', [], FORGED],
    ['The metadata service, from a container on a bridge', ['ecs-container-metadata'], PODS],
    ['The metadata service, from a task on the network of its host', ['ecs-container-metadata']],
    ['The metadata service, weakened by the API', [], FORGED],
    ['Secrets in user data, on the host', SEEN],
    ['Secrets in user data, by the API', SEEN],
    ['Secrets in launch templates and configurations', SEEN],
    ['Secrets in a function’s environment', SEEN],
    ['Secrets in a function’s code', [], IN_A_HOST],
    ['Secrets in a task definition', SEEN],
    ['Secrets in a build project', SEEN],
    ['Secrets in Elastic Beanstalk settings', SEEN],
    ['Secrets in stack parameters, outputs and templates', SEEN, 'Templates are not collected.'],
    ['Secrets in the history of commands', [], notCollected('The history of commands')],
    ['Secrets on an instance’s console', [], notCollected('Console output')],
    ['Secrets in logs', [], notCollected('What logs hold')],
    ['The password of a Windows administrator', [], 'It takes the private key, which is not in the API.'],
    ['Credential files on a host', ['rds-found-credential'], IN_A_HOST],
    ['SSH keys on a host or in a bucket', [], IN_A_HOST],
    ['The role of a container task', ['ecs-task-credentials', 'ecs-execute-command']],
    ['Posing as the agent of a container instance', [], 'What the agent’s own protocol gives is not judged.'],
    ['Root on a container instance', ['ecs-container-escape', 'ecs-host-containers']],
    ['The role of a function', ['function-credentials']],
    ['The role of a service account, by web identity', [], KUBERNETES],
    ['The role of a service account, by pod identity', [], KUBERNETES],
    ['The role of a node, from a pod', [], KUBERNETES],
    ['Root on a node', [], KUBERNETES],
    ['The role of a node as an identity of the cluster', [], KUBERNETES],
    [
      'The metadata services of builds, notebooks and jobs',
      [
        'workload-credentials',
        'codebuild-start-build',
        'sagemaker-notebook-url',
        'agentcore-existing-interpreter',
        'pass-role-glue-session',
      ],
      'Wherever the intruder’s code runs in one, its role counts as had.',
    ],
    [
      'Credentials on a disk that was copied',
      ['ebs-snapshot-attach', 'ebs-snapshot-blocks'],
      'The disk is read; what lies on it is not in the API.',
    ],
    ['Posing as the agent of Systems Manager', [], 'Other people’s sessions are not in the API.'],
    ['A console session made of keys', [], 'A principal’s keys and its console are held to be the same.'],
    ['Keys made of a console session', [], 'A principal’s keys and its console are held to be the same.'],
  ],
};
