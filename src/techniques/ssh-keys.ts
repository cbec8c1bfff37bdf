import { type Asset, at, type Condition, type Evidence, makeArn, text, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { readersOf } from './sighting-readers.js';
import { stated, type World } from './world.js';

/** A private key that the intruder may come to have. */
export interface FoundSshKey {
  /** What holds it. */
  readonly holder: string;
  /** Bodies of facts each of which gives it. */
  readonly ways: readonly (readonly string[])[];
  readonly evidence: Evidence;
  /** Instances that it opens, where that is known by the key pair with which they were launched. */
  readonly opens?: readonly string[];
  /** What is not known of it. */
  readonly conditions: (instance: string) => readonly Condition[];
}

/** Every private key that somebody may come to have who reads what the account holds. */
export const foundSshKeys = (world: World): readonly FoundSshKey[] => [...sightedKeys(world), ...storedKeys(world)];

/** Keys in plain text. Which hosts take them is not said by the text that is kept of them. */
const sightedKeys = (world: World): readonly FoundSshKey[] =>
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
/** Names that tell of a key for hosts, whichever. */
const FOR_HOSTS = /ssh|ec2|bastion|jump|host|instance|server/i;
const PRIVATE_KEY = /private.?key|ssh.?key|key.?pair|id[_-](?:rsa|dsa|ecdsa|ed25519)|\.pem$/i;

/** Keys in secrets and parameters: those that CloudFormation keeps, and those whose names tell of one, whose contents are left open. */
function storedKeys(world: World): readonly FoundSshKey[] {
  const pairs = world.graph.assetsOfType('ec2:key-pair');
  const byId = new Map(pairs.map((pair) => [placed(pair, text(at(pair.record, 'KeyPairId')) ?? ''), pair]));
  const stores = [...world.graph.assetsOfType('ssm:parameter'), ...world.graph.assetsOfType('secretsmanager:secret')];
  return stores.flatMap((store) => {
    const name = store.name ?? '';
    const keptId = KEPT.exec(name)?.[1];
    if (keptId !== undefined) {
      const pair = byId.get(placed(store, keptId));
      return pair ? [keyOfPair(world, store, pair)] : [keyOfLostPair(world, store)];
    }
    const named = TELLS_A_KEY.test(name) ? pairs.filter((pair) => isNamedAfter(store, pair)) : [];
    if (named.length > 0) return named.map((pair) => perhapsKeyOfPair(world, store, pair));
    return FOR_HOSTS.test(name) && PRIVATE_KEY.test(name) ? [keyForHosts(world, store)] : [];
  });
}

/** A stack keeps the key of a pair in the account and region of both. */
const placed = ({ account, region }: Asset, id: string): string => `${account} ${region} ${id}`;

/** Pairs may have the same key in all regions of an account; what another account holds is not named after them. */
function isNamedAfter(store: Asset, { name = '', account }: Asset): boolean {
  return name.length >= SHORTEST && account === store.account && (store.name ?? '').includes(name);
}

const keyIn = (world: World, store: Asset, what: string): Pick<FoundSshKey, 'holder' | 'ways' | 'evidence'> => ({
  holder: store.id,
  ways: [[fact('data-read', store.id)]],
  evidence: stated(world, store.id, what),
});

const launchedWith = (world: World, pair: Asset): readonly string[] =>
  world.graph.incoming(pair.id, 'uses-key-pair').map(({ from }) => from);

const keyOfPair = (world: World, store: Asset, pair: Asset): FoundSshKey => ({
  ...keyIn(world, store, `is where CloudFormation keeps the private key of key pair ${pair.name ?? pair.id}`),
  opens: launchedWith(world, pair),
  conditions: () => [],
});

const perhapsKeyOfPair = (world: World, store: Asset, { name = '', ...pair }: Asset): FoundSshKey => ({
  ...keyIn(world, store, `is named after key pair ${name}`),
  opens: launchedWith(world, { name, ...pair }),
  conditions: () => [unknown('SSH key', `whether ${store.id} holds the private key of key pair ${name} is not known`)],
});

/** A key whose pair nothing says: any host of the account that was launched with one may take it. */
const keyForHosts = (world: World, store: Asset): FoundSshKey => ({
  ...keyIn(world, store, 'is named like a private key for hosts'),
  opens: withKeyPair(world, store.account).map(({ id }) => id),
  conditions: (instance) => [
    unknown('SSH key', `whether ${store.id} holds a private key that ${instance} takes is not known`),
  ],
});

const withKeyPair = (world: World, account: string): readonly Asset[] =>
  world.graph
    .assetsOfType('ec2:instance')
    .filter((instance) => instance.account === account && text(at(instance.record, 'KeyName')) !== undefined);

/** The key of a pair that is deleted, or was not collected: hosts that were launched with such a pair may take it. */
function keyOfLostPair(world: World, store: Asset): FoundSshKey {
  const known = new Set(world.graph.assetsOfType('ec2:key-pair').map(({ id }) => id));
  const opens = withKeyPair(world, store.account).filter(({ account, region, record }) => {
    const pair = makeArn('ec2', region, account, `key-pair/${text(at(record, 'KeyName')) ?? ''}`);
    return region === store.region && !known.has(pair);
  });
  return {
    ...keyIn(world, store, 'is where CloudFormation keeps the private key of a key pair'),
    opens: opens.map(({ id }) => id),
    conditions: (instance) => [
      unknown('SSH key', `the key pair of ${store.id} is not there, so whether ${instance} takes its key is not known`),
    ],
  };
}
