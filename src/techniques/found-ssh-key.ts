import { at, text } from '../model/index.js';
import { fact } from './fact.js';
import { isRunning, onceStarted, RUNS_OR_STARTED } from './starting.js';
import { foundSshKeys } from './ssh-keys.js';
import { sshFromHosts, sshFromOutside, sshOnceOpened, sshOnceStarted } from './ssh-reach.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

export const sshFoundKey: Technique = {
  id: 'ssh-found-key',
  title: 'Log in by SSH with a private key that lies within reach',
  tactic: 'Lateral Movement',
  attack: ['T1021.004', 'T1552.004'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-keypair.html',
  ],
  premises: [
    'A private key stands in user data or settings, in the parameter in which CloudFormation keeps that of a key pair, or in a secret or parameter whose name tells of it.',
    'Port 22 of the instance is reached: from the internet, from an address of the intruder’s, or from a host under control; or would be, once somebody under the intruder’s control opened the network.',
    'The instance was launched with the key pair, or whether it takes the key is left open.',
    RUNS_OR_STARTED,
  ],
  assumptions: ['The instance still takes the key that it was launched with.'],
  difficulty: { cost: 1, reason: 'a login' },
  detection: ['sshd’s log on the host', 'VPC flow logs'],
  remediation: 'Take the key out of what others read, replace it on the hosts, and close SSH.',
  steps: (world, emit) => {
    const keys = foundSshKeys(world);
    if (keys.length === 0) return;
    const outside = sshFromOutside(world);
    const inside = sshFromHosts(world, emit, sshFoundKey);
    // A key that opens no host for sure is no reason to change the network.
    const opened = sshOnceOpened(world, emit, 'found key', [...new Set(keys.flatMap(({ opens = [] }) => opens))]);
    const started = sshOnceStarted(world, emit, sshFoundKey);
    const running = [...new Set([...outside.keys(), ...inside.keys(), ...opened.keys()])].filter((instance) =>
      isRunning(world, instance),
    );
    const logins = [...running, ...started.keys()].filter((instance) => !isWindows(world, instance));
    for (const key of keys) {
      const fits = key.opens === undefined ? undefined : new Set(key.opens);
      for (const instance of logins) {
        if (fits && !fits.has(instance)) continue;
        const from = outside.get(instance);
        const ways = [
          ...(from ? [{ ...from, needs: [] }] : []),
          ...linked(inside.get(instance)),
          ...(fits ? (opened.get(instance) ?? []) : []),
          ...(started.get(instance) ?? []),
        ];
        for (const way of ways) {
          for (const had of key.ways) {
            emit({
              head: fact('exec', instance),
              body: [...had, ...way.needs],
              conditions: [...key.conditions(instance), ...way.conditions],
              label: {
                technique: sshFoundKey,
                detail: () => ({
                  text: `${onceStarted(world, instance, 'Log in to')} ${nameOf(world, instance)} with the private key in ${nameOf(world, key.holder)}.`,
                  evidence: [
                    key.evidence,
                    stated(world, instance, `is reached on tcp/22 from ${way.from}`),
                    ...way.evidence,
                  ],
                  fix: `Replace the key on ${nameOf(world, instance)}, and take it out of ${nameOf(world, key.holder)}.`,
                }),
              },
            });
          }
        }
      }
    }
  },
};

const linked = (links: ReturnType<ReturnType<typeof sshFromHosts>['get']> = []) =>
  links.map((link) => ({ ...link, needs: [link.linked] }));

const isWindows = (world: World, instance: string): boolean =>
  text(at(world.graph.asset(instance)?.record, 'Platform'))?.toLowerCase() === 'windows';
