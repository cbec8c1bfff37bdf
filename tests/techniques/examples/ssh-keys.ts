import { arn, type Miniature, type MiniatureInstance, type Says } from '../miniature.js';
import { ANN, annMay, type ExampleFamily } from './example.js';

const OTHER = arn('ec2', 'instance/i-other');
const KEPT = '/ec2/keypair/key-0a1b2c3d';
const READ = `ssm:GetParameter on ${arn('ssm', `parameter${KEPT}`)}`;
const PRIVATE_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----';

/** An instance that was launched with a key pair, and the parameter in which a stack keeps that pair’s private key. */
const launchedWith =
  (pair: string | undefined, instance: MiniatureInstance = {}, more: Miniature = {}) =>
  (...says: readonly Says[]): Miniature =>
    annMay(says, {
      ...more,
      instances: { 'i-other': { ...(pair !== undefined && { keyPair: pair }), ...instance }, ...more.instances },
      answers: {
        'ec2/DescribeKeyPairs': { KeyPairs: [{ KeyName: 'ops', KeyPairId: 'key-0a1b2c3d', KeyType: 'ed25519' }] },
        'ssm/DescribeParameters': {
          Parameters: [{ Name: KEPT, ARN: arn('ssm', `parameter${KEPT}`), Type: 'SecureString' }],
        },
        ...more.answers,
      },
    });

/** Another instance whose user data holds a private key. */
const withKeyInUserData: Miniature = {
  instances: { 'i-build': { userData: `#!/bin/sh\ncat <<E\n${PRIVATE_KEY}\nE` } },
};

/** Keys that lie within reach. */
export const SSH_KEY_EXAMPLES: ExampleFamily = {
  'ssh-found-key': {
    from: ANN,
    reaches: OTHER,
    access: 'control',
    works: {
      why: 'Ann may read the private key of the key pair with which an instance was launched, and the internet reaches its SSH port.',
      world: launchedWith('ops', { open: 22 })(READ),
    },
    fails: {
      why: 'The internet reaches another port of the instance.',
      world: launchedWith('ops', { open: 443 })(READ),
    },
    alsoFails: [
      { why: 'The instance was launched with another key pair.', world: launchedWith('spare', { open: 22 })(READ) },
      { why: 'The instance was launched without a key pair.', world: launchedWith(undefined, { open: 22 })(READ) },
      {
        why: 'Ann may list parameters, and not read them.',
        world: launchedWith('ops', { open: 22 })('ssm:DescribeParameters'),
      },
      {
        why: 'The instance is stopped.',
        world: launchedWith('ops', { open: 22, state: 'stopped' })(READ),
      },
    ],
    unknown: {
      why: 'A private key stands in the user data of another instance; whether the instance takes it is not known.',
      world: launchedWith('ops', { open: 22 }, withKeyInUserData)('ec2:DescribeInstanceAttribute'),
      because: 'SSH key',
    },
  },
};
