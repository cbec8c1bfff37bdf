import {
  at,
  field,
  isObject,
  type Json,
  type JsonObject,
  list,
  objects,
  parseArn,
  type PolicyPart,
  readPolicyId,
  text,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { isAbout, isOfPlace, RESOURCE_POLICIES } from './edit-resources.js';
import { readDocument, withoutStatement } from './edit-statement.js';
import { IAM_HOLDERS } from './iam-holders.js';

/** The document of a policy, named as evidence names it: a managed policy's ARN, `OWNER#NAME` (see {@link readPolicyId}), `ROLE#trust`, `RESOURCE#policy`. */
export function findDocument(snapshot: Snapshot, policy: string): JsonObject | undefined {
  const id = readPolicyId(policy);
  const { owner, part } = id;
  const stated =
    parseArn(owner)?.service === 'iam'
      ? iamDocument(snapshot, id)
      : part === 'policy'
        ? resourceDocument(snapshot, owner)
        : undefined;
  return readDocument(stated);
}

function iamDocument(snapshot: Snapshot, { owner, isManaged, part, inline: name }: PolicyPart): Json | undefined {
  for (const { body } of snapshot.answers('iam', 'GetAccountAuthorizationDetails')) {
    if (isManaged) {
      const managed = objects(field(body, 'Policies')).find((record) => text(field(record, 'Arn')) === owner);
      const version = objects(field(managed, 'PolicyVersionList')).find((v) => field(v, 'IsDefaultVersion') === true);
      if (version) return field(version, 'Document');
      continue;
    }
    for (const { list: key, inline: inlineKey } of IAM_HOLDERS) {
      const record = objects(field(body, key)).find((one) => text(field(one, 'Arn')) === owner);
      if (!record) continue;
      if (part === 'trust') return field(record, 'AssumeRolePolicyDocument');
      const inline = objects(field(record, inlineKey)).find((one) => text(field(one, 'PolicyName')) === name);
      return field(inline, 'PolicyDocument');
    }
  }
  return undefined;
}

function resourceDocument(snapshot: Snapshot, arn: string): Json | undefined {
  const place = RESOURCE_POLICIES.get(parseArn(arn)?.service ?? '');
  if (!place) return undefined;
  for (const answer of snapshot.answers(place.client, place.operation)) {
    if (!isOfPlace(answer, arn)) continue;
    const { body } = answer;
    for (const key of Object.keys(body)) {
      const record = field(body, key);
      if (isObject(record) && isAbout(key, record, arn)) return at(record, ...place.path);
    }
  }
  return undefined;
}

/** A document without a statement; `undefined` where it has none of that name. */
export function withoutNamed(document: JsonObject | undefined, name: string): JsonObject | undefined {
  const left = withoutStatement(document, name);
  return isObject(left) ? left : undefined;
}

/** `s3:GetObject, s3:ListBucket on arn:aws:s3:::logs/*`: what a statement is about, in words. */
export function statementText(statement: JsonObject): string {
  const words = (key: string): readonly string[] => {
    const value = field(statement, key);
    return typeof value === 'string'
      ? [value]
      : list(value).flatMap((item) => (typeof item === 'string' ? [item] : []));
  };
  const actions = words('Action').join(', ') || `all but ${words('NotAction').join(', ')}`;
  const resources =
    words('Resource').join(', ') ||
    (field(statement, 'NotResource') === undefined ? '' : `all but ${words('NotResource').join(', ')}`);
  return resources === '' ? actions : `${actions} on ${resources}`;
}
