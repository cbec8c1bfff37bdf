import { type Asset, at, type Condition, type Evidence, makeArn, text, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { isRunning } from './instance-takeover.js';
import { readersOf } from './sighting-readers.js';
import { sshFromHosts, sshFromOutside } from './ssh-reach.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** A private key that the intruder may come to have. */
interface FoundKey {
  /** What holds it. */
  readonly holder: string;
  /** Facts each of which gives it. */
  readonly ways: readonly string[];
  readonly evidence: Evidence;
  /** Instances that it opens, where that is known by the key pair with which they were launched. */
  readonly opens?: readonly string[];
  /** What is not known of it. */
  readonly conditions: (instance: string) => readonly Condition[];
}

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
    'A private key stands in user data or settings, in the parameter in which CloudFormation keeps that of a key pair, or in a secret or parameter that is named after a key pair.',
    'Port 22 of the instance is reached: from the internet, from an address of the intruder’s, or from a host under control.',
    'The instance was launched with the key pair, or whether it takes the key is left open.',
  ],
  assumptions: ['The instance still takes the key that it was launched with.'],
  difficulty: { cost: 1, reason: 'a login' },
  detection: ['sshd’s log on the host', 'VPC flow logs'],
  remediation: 'Take the key out of what others read, replace it on the hosts, and close SSH.',
  steps: (world, emit) => {
    const keys = foundKeys(world);
    if (keys.length === 0) return;
    const outside = sshFromOutside(world);
    const inside = sshFromHosts(world, emit, sshFoundKey);
    const reached = [...new Set([...outside.keys(), ...inside.keys()])];
    const logins = reached.filter((instance) => isRunning(world, instance) && !isWindows(world, instance));
    for (const key of keys) {
      const opened = key.opens === undefined ? undefined : new Set(key.opens);
      for (const instance of logins) {
        if (instance === key.holder || (opened && !opened.has(instance))) continue;
        const from = outside.get(instance);
        const ways = [...(from ? [{ ...from, needs: [] }] : []), ...linked(inside.get(instance))];
        for (const way of ways) {
          for (const had of key.ways) {
            emit({
              head: fact('exec', instance),
              body: [had, ...way.needs],
              conditions: [...key.conditions(instance), ...way.conditions],
              label: {
                technique: sshFoundKey,
                detail: () => ({
                  text: `Log in to ${nameOf(world, instance)} with the private key in ${nameOf(world, key.holder)}.`,
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

const foundKeys = (world: World): readonly FoundKey[] => [...sightedKeys(world), ...storedKeys(world)];

/** Keys in plain text. Which hosts take them is not said by the text that is kept of them. */
const sightedKeys = (world: World): readonly FoundKey[] =>
  world.observed.sightings
    .filter(({ kinds }) => kinds.includes('private-key'))
    .map((sighting) => ({
      holder: sighting.holder,
      ways: readersOf(world, sighting),
      evidence: { asset: sighting.holder, fact: 'holds a private-key', source: sighting.source },
      conditions: (instance) => [
        unknown('SSH key', `whether ${instance} takes the private key in ${sighting.holder} is not known`),
      ],
    }));

/** CloudFormation keeps the private key of a key pair that it makes in a parameter of this name. */
const KEPT = /^\/ec2\/keypair\/(key-[0-9a-f]+)$/;
const TELLS_A_KEY = /ssh|pem|private|key.?pair|id[_-](?:rsa|dsa|ecdsa|ed25519)/i;
/** Names of key pairs that are too short to be found in another name by more than chance. */
const SHORTEST = 4;

/** Keys in secrets and parameters: those that CloudFormation keeps, and those that are named after a key pair, whose contents are left open. */
function storedKeys(world: World): readonly FoundKey[] {
  const pairs = world.graph.assetsOfType('ec2:key-pair');
  const byId = new Map(pairs.map((pair) => [text(at(pair.record, 'KeyPairId')), pair]));
  const stores = [...world.graph.assetsOfType('ssm:parameter'), ...world.graph.assetsOfType('secretsmanager:secret')];
  const found: FoundKey[] = [];
  const add = (store: Asset, pair: Asset, conditions: readonly Condition[], what: string): void => {
    const opens = world.graph.incoming(pair.id, 'uses-key-pair').map(({ from }) => from);
    const evidence = stated(world, store.id, what);
    found.push({
      holder: store.id,
      ways: [fact('data-read', store.id)],
      evidence,
      opens,
      conditions: () => conditions,
    });
  };
  for (const store of stores) {
    const name = store.name ?? '';
    const kept = byId.get(KEPT.exec(name)?.[1]);
    if (kept && kept.account === store.account && kept.region === store.region) {
      add(store, kept, [], `is where CloudFormation keeps the private key of key pair ${kept.name ?? kept.id}`);
      continue;
    }
    if (KEPT.test(name)) {
      found.push(keyOfLostPair(world, store));
      continue;
    }
    if (!TELLS_A_KEY.test(name)) continue;
    for (const pair of pairs) {
      const called = pair.name ?? '';
      if (called.length < SHORTEST || pair.account !== store.account || !name.includes(called)) continue;
      const isKey = unknown('SSH key', `whether ${store.id} holds the private key of key pair ${called} is not known`);
      add(store, pair, [isKey], `is named after key pair ${called}`);
    }
  }
  return found;
}

/** The key of a pair that is deleted, or was not collected: hosts that were launched with such a pair may take it. */
function keyOfLostPair(world: World, store: Asset): FoundKey {
  const known = new Set(world.graph.assetsOfType('ec2:key-pair').map(({ id }) => id));
  const opens = world.graph.assetsOfType('ec2:instance').filter(({ account, region, record }) => {
    const pair = text(at(record, 'KeyName'));
    const isNear = account === store.account && region === store.region;
    return isNear && pair !== undefined && !known.has(makeArn('ec2', region, account, `key-pair/${pair}`));
  });
  return {
    holder: store.id,
    ways: [fact('data-read', store.id)],
    evidence: stated(world, store.id, 'is where CloudFormation keeps the private key of a key pair'),
    opens: opens.map(({ id }) => id),
    conditions: (instance) => [
      unknown('SSH key', `the key pair of ${store.id} is not there, so whether ${instance} takes its key is not known`),
    ],
  };
}
