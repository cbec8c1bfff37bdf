import type { AssetGraph } from '../graph/index.js';
import {
  type Asset,
  at,
  EXIT,
  isObject,
  type Json,
  type JsonObject,
  objects,
  sortedUnique,
  text,
  UserError,
} from '../model/index.js';
import { parseJsonFile } from '../snapshot/index.js';

/** A file that `--finding` names. */
export interface FindingFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * The assets that findings of Amazon GuardDuty are about: instances, users and roles whose credentials were used (on a bucket too), buckets,
 * functions, databases. Read as the console and EventBridge write them, and as `aws guardduty get-findings` prints them.
 * @throws UserError for what is no finding, and for one whose resource is not in the snapshot
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html
 */
export function assetsOfFindings({ name, content }: FindingFile, graph: AssetGraph): readonly string[] {
  const fail = (place: string, what: string): never => {
    throw new UserError(`${name}: ${place === '' ? '' : `${place}: `}${what}`, EXIT.usage);
  };
  const found = findingsIn(withLowerKeys(parseJsonFile(name, content)));
  if (found.length === 0) fail('', 'there is no finding of GuardDuty in it');
  return sortedUnique(
    found.flatMap(({ place, finding }) => {
      const resource = at(finding, 'resource');
      const type = text(at(resource, 'resourceType'));
      if (type === undefined) return fail(place, 'no resource.resourceType: this is no finding of GuardDuty');
      const account = text(at(finding, 'accountId'));
      const named = namedBy(resource, type, account);
      if (named.length === 0 && text(at(resource, 'accessKeyDetails', 'userType')) === 'Root')
        return fail(place, `the root user of account ${account ?? '?'}, who holds everything there`);
      if (named.length === 0) return fail(place, `no asset can be told from a resource of the type "${type}"`);
      const known = named.flatMap((one) => assetOf(graph, one) ?? []);
      if (known.length === 0)
        return fail(
          place,
          `${named.map(({ id }) => id).join(', ')} of account ${account ?? '?'} is not in the snapshot`,
        );
      return known.map((asset) => asset.id);
    }),
  );
}

interface Named {
  readonly type: string;
  /** Its ARN, bare id or name. */
  readonly id: string;
  readonly account: string | undefined;
}

/** One finding, a list of them, what `get-findings` prints, or an event of EventBridge. */
function findingsIn(document: Json): readonly { readonly place: string; readonly finding: JsonObject }[] {
  if (Array.isArray(document))
    return objects(document).flatMap((item, index) =>
      findingsIn(item).map(({ place, finding }) => ({ place: `[${index}]${place}`, finding })),
    );
  if (!isObject(document)) return [];
  const inner = at(document, 'findings');
  if (inner !== undefined) return objects(inner).map((finding, index) => ({ place: `Findings[${index}]`, finding }));
  const detail = at(document, 'detail');
  if (isObject(detail)) return [{ place: 'detail', finding: detail }];
  return [{ place: '', finding: document }];
}

/** The API writes `Resource`, the console `resource`: the rest of a key is the same. */
function withLowerKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withLowerKeys(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      withLowerKeys(inner ?? null),
    ]),
  );
}

function namedBy(resource: Json | undefined, type: string, account: string | undefined): readonly Named[] {
  const one = (assetType: string, ...keys: readonly string[]): Named[] => {
    const id = text(at(resource, ...keys));
    return id === undefined || id === '' ? [] : [{ type: assetType, id, account }];
  };
  const caller = (): Named[] => {
    const user = text(at(resource, 'accessKeyDetails', 'userType'));
    if (user === 'Root') return [];
    return one(user === 'IAMUser' ? 'iam:user' : 'iam:role', 'accessKeyDetails', 'userName');
  };
  switch (type) {
    case 'Instance':
      return one('ec2:instance', 'instanceDetails', 'instanceId');
    case 'AccessKey':
      return caller();
    case 'S3Bucket': {
      const buckets = objects(at(resource, 's3BucketDetails')).flatMap((bucket) => {
        const id = text(at(bucket, 'arn')) ?? text(at(bucket, 'name'));
        return id === undefined ? [] : [{ type: 's3:bucket', id, account }];
      });
      // Whose credentials were used on the bucket gets further with them than to the bucket.
      return [...buckets, ...caller()];
    }
    case 'Lambda':
      return one('lambda:function', 'lambdaDetails', 'functionArn');
    case 'RDSDBInstance':
      return one('rds:db-instance', 'rdsDbInstanceDetails', 'dbInstanceArn');
    default:
      return [];
  }
}

function assetOf(graph: AssetGraph, { type, id, account }: Named): Asset | undefined {
  const exact = graph.asset(id);
  if (exact) return exact;
  return graph
    .assetsOfType(type)
    .find((asset) => (account === undefined || asset.account === account) && asset.id.split(/[:/]/).at(-1) === id);
}
