import { operationOf } from '../assets/index.js';
import type { AssetGraph } from '../graph/index.js';
import { type Asset, field, groupBy, objects, text } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import type { Observations } from '../techniques/index.js';
import { entriesOf, readSightings } from './sightings.js';
import { readWeaknesses, type VulnerabilityFile } from './vulnerabilities.js';

/** What answers say about assets beside the assets' own records. */
export function observe(
  snapshot: Snapshot,
  graph: AssetGraph,
  vulnerabilities: readonly VulnerabilityFile[] = [],
): Observations {
  const keys = accessKeys(snapshot, graph);
  const passwords = keyedByUser(snapshot, 'GetLoginProfile', graph);
  const managed = managedInstances(snapshot);
  const refused = readRefusals(snapshot);
  const byAccount = new Map<string, ReadonlyMap<string, readonly Answer[]>>();
  const answersTo = (operation: string): readonly Answer[] => {
    const [service, name] = operationOf(operation);
    return snapshot.answers(service, name);
  };
  return {
    sightings: readSightings(snapshot),
    accessKeyCount: (user) => keys.countByUser.get(user),
    ownerOfAccessKey: (id) => keys.ownerById.get(id),
    hasPassword: (user) => passwords(user),
    isManagedBySsm: (instance) => {
      const asset = graph.asset(instance);
      const online = asset && managed.get(`${asset.account}/${asset.region}`);
      return online?.has(instance.slice(instance.lastIndexOf('/') + 1));
    },
    weaknesses: readWeaknesses(snapshot, graph, vulnerabilities),
    detail: makeDetails(snapshot, graph, refused),
    wasRefused: (operation, id) => {
      const asset = graph.asset(id);
      return asset !== undefined && (refused.ofPlace(operation, asset) || refused.ofAsset(operation, asset));
    },
    isCollected: (operation, account) => {
      const [service, name] = operationOf(operation);
      const regions = snapshot.accounts.find(({ id }) => id === account)?.regions ?? [];
      const places = service === 'iam' ? ['global'] : regions;
      return (
        places.length > 0 && places.every((region) => snapshot.coverage(account, region, service, name) === 'answered')
      );
    },
    answer: (operation, account, region) => {
      const [service, name] = operationOf(operation);
      return snapshot.answer(account, region, service, name)?.body;
    },
    answersOf: (operation, account) => {
      const known = byAccount.get(operation) ?? groupBy(answersTo(operation), (answer) => answer.account);
      byAccount.set(operation, known);
      return known.get(account) ?? [];
    },
  };
}

/** Answers that are keyed by resource, by the asset that they are about: keys are ARNs, names or bare ids. */
function makeDetails(snapshot: Snapshot, graph: AssetGraph, refused: Refusals): Observations['detail'] {
  const byOperation = new Map<string, ReadonlyMap<string, Answer>>();
  const answersOf = (operation: string): ReadonlyMap<string, Answer> => {
    const known = byOperation.get(operation);
    if (known) return known;
    const [service, name] = operationOf(operation);
    const made = new Map(
      snapshot.answers(service, name).map((answer) => [`${answer.account}/${answer.region}`, answer]),
    );
    byOperation.set(operation, made);
    return made;
  };
  return (operation, id) => {
    const asset = graph.asset(id);
    const answer = asset && answersOf(operation).get(`${asset.account}/${asset.region}`);
    if (!asset || !answer) return undefined;
    for (const key of keysOf(asset)) {
      const said = field(answer.body, key);
      if (said !== undefined) return said;
    }
    return refused.ofAsset(operation, asset) ? undefined : null;
  };
}

/** What answers and gaps may call an asset: its ARN, its bare id, or its name. */
function keysOf({ id, name, tags }: Asset): readonly string[] {
  // A tag called Name is what people call it, and may be the name of something else.
  const named = tags.get('Name') === name ? undefined : name;
  return [id, id.split(/[:/]/).at(-1), named].filter((key) => key !== undefined);
}

/** What AWS refused. */
interface Refusals {
  /** Of one asset. */
  ofAsset(operation: string, asset: Asset): boolean;
  /** Of the whole account and region of an asset. */
  ofPlace(operation: string, asset: Asset): boolean;
}

function readRefusals({ gaps }: Snapshot): Refusals {
  const refused = new Set(
    gaps.map((g) => [`${g.service}/${g.operation}`, g.account, g.region, g.resource ?? ''].join(' ')),
  );
  const has = (operation: string, { account, region }: Asset, key: string): boolean =>
    refused.has([operation, account, region, key].join(' '));
  return {
    ofAsset: (operation, asset) => refused.size > 0 && keysOf(asset).some((key) => has(operation, asset, key)),
    ofPlace: (operation, asset) => refused.size > 0 && has(operation, asset, ''),
  };
}

/** A user’s name as IAM knows it; a tag called Name may say another. */
const userName = (user: string): string => user.slice(user.lastIndexOf('/') + 1);

/** Users by name in each account: answers that are keyed by user name the bare name. */
function usersByName(graph: AssetGraph): ReadonlyMap<string, string> {
  return new Map(graph.assetsOfType('iam:user').map(({ id, account }) => [`${account}/${userName(id)}`, id]));
}

function accessKeys(snapshot: Snapshot, graph: AssetGraph) {
  const users = usersByName(graph);
  const countByUser = new Map<string, number>();
  const ownerById = new Map<string, string>();
  for (const answer of snapshot.answers('iam', 'ListAccessKeys')) {
    for (const [name, value] of entriesOf(answer)) {
      const user = users.get(`${answer.account}/${name}`);
      if (user === undefined) continue;
      const keys = objects(field(value, 'AccessKeyMetadata'));
      countByUser.set(user, keys.length);
      for (const key of keys) {
        const id = text(field(key, 'AccessKeyId'));
        if (id !== undefined && field(key, 'Status') !== 'Inactive') ownerById.set(id, user);
      }
    }
  }
  return { countByUser, ownerById };
}

/** Whether a user has an entry in an answer that is keyed by user: `undefined` where the account was not asked. */
function keyedByUser(snapshot: Snapshot, operation: string, graph: AssetGraph): (user: string) => boolean | undefined {
  const byAccount = new Map(
    snapshot
      .answers('iam', operation)
      .map((answer) => [answer.account, new Set(entriesOf(answer).map(([name]) => name))]),
  );
  return (user) => {
    const asset = graph.asset(user);
    return asset && byAccount.get(asset.account)?.has(userName(user));
  };
}

function managedInstances(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    snapshot.answers('ssm', 'DescribeInstanceInformation').map((answer) => [
      `${answer.account}/${answer.region}`,
      new Set(
        objects(field(answer.body, 'InstanceInformationList'))
          .filter((i) => field(i, 'PingStatus') !== 'Inactive' && field(i, 'PingStatus') !== 'ConnectionLost')
          .map((i) => text(field(i, 'InstanceId')) ?? ''),
      ),
    ]),
  );
}
