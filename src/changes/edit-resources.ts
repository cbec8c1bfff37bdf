import { at, bareOf, field, isObject, type JsonObject, parseArn, text } from '../model/index.js';
import type { Edit } from './edit.js';
import { editRecords, removeRecords } from './edit.js';
import { withoutStatement } from './edit-statement.js';

/** Where the resource policies of a service are answered: operation, and the keys that lead to the document in an answer about one resource. */
export const RESOURCE_POLICIES: ReadonlyMap<
  string,
  { readonly client: string; readonly operation: string; readonly path: readonly string[] }
> = new Map([
  ['s3', { client: 's3', operation: 'GetBucketPolicy', path: ['Policy'] }],
  ['kms', { client: 'kms', operation: 'GetKeyPolicy', path: ['Policy'] }],
  ['secretsmanager', { client: 'secrets-manager', operation: 'GetResourcePolicy', path: ['ResourcePolicy'] }],
  ['lambda', { client: 'lambda', operation: 'GetPolicy', path: ['Policy'] }],
  ['sqs', { client: 'sqs', operation: 'GetQueueAttributes', path: ['Attributes', 'Policy'] }],
  ['sns', { client: 'sns', operation: 'GetTopicAttributes', path: ['Attributes', 'Policy'] }],
  ['ecr', { client: 'ecr', operation: 'GetRepositoryPolicy', path: ['policyText'] }],
  ['dynamodb', { client: 'dynamodb', operation: 'GetResourcePolicy', path: ['Policy'] }],
]);

/** What an ARN calls its resource, without its kind; a secret's without the letters that AWS adds. */
function nameOf(arn: string): string {
  const { service, resource } = parseArn(arn) ?? { service: '', resource: arn };
  const name = service === 's3' ? resource : resource.replace(/^[^:/]+[:/](?=.)/, '');
  return service === 'secretsmanager' ? name.replace(/-[A-Za-z0-9]{6}$/, '') : name;
}

/** Whether an answer that is kept by resource (an ARN, a name, a queue's address) is about this one. */
export function isAbout(key: string, record: JsonObject, arn: string): boolean {
  if (key === arn) return true;
  const stated = text(field(record, 'ARN')) ?? text(field(record, 'Arn'));
  if (stated !== undefined) return stated === arn;
  const name = nameOf(arn);
  return key === name || (key.includes('://') && key.endsWith(`/${name}`));
}

/** Whether answers of an account and region may be about what has the ARN. */
export function isOfPlace(
  { account, region }: { readonly account: string; readonly region: string },
  arn: string,
): boolean {
  const parts = parseArn(arn);
  return (parts?.account || account) === account && (parts?.region || region) === region;
}

/** On a body of one object for each resource. */
const editKeyed =
  (arn: string, edit: (record: JsonObject) => JsonObject | undefined): Edit =>
  (body) => {
    for (const key of Object.keys(body)) {
      const record = field(body, key);
      if (!isObject(record) || !isAbout(key, record, arn)) continue;
      const edited = edit(record);
      if (edited !== undefined) return { ...body, [key]: edited };
    }
    return undefined;
  };

export function editResourceStatement(arn: string, path: readonly string[], statement: string): Edit {
  return editKeyed(arn, (record) => {
    const left = withoutStatement(at(record, ...path), statement);
    if (left === undefined) return undefined;
    const [first = '', second] = path;
    if (second === undefined) return { ...record, [first]: left };
    return { ...record, [first]: { ...(field(record, first) as JsonObject), [second]: left } };
  });
}

const ALL_BLOCKED = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
};

/** What closes a thing that is open to everybody: the operation whose answers state it, and the edit. */
export function closePublicAccess(
  arn: string,
):
  | { readonly client: string; readonly operations: readonly string[]; readonly edit: Edit; readonly isAdded: boolean }
  | undefined {
  const { service, resource } = parseArn(arn) ?? { service: '', resource: '' };
  const kind = resource.split(/[:/]/)[0];
  const name = bareOf(arn);
  if (service === 's3')
    return {
      client: 's3',
      operations: ['GetPublicAccessBlock'],
      edit: (body) => ({ ...body, [name]: ALL_BLOCKED }),
      isAdded: true,
    };
  if (service === 'ec2' && kind === 'snapshot')
    return {
      client: 'ec2',
      operations: ['DescribeSnapshotAttribute'],
      edit: editKeyed(arn, (record) =>
        removeRecords(record, 'CreateVolumePermissions', (entry) => text(field(entry, 'Group')) === 'all'),
      ),
      isAdded: false,
    };
  if (service === 'rds' && (kind === 'snapshot' || kind === 'cluster-snapshot')) {
    const noun = kind === 'snapshot' ? 'DBSnapshot' : 'DBClusterSnapshot';
    return {
      client: 'rds',
      operations: [`Describe${noun}Attributes`],
      edit: editKeyed(arn, (record) => {
        const result = field(record, `${noun}AttributesResult`);
        const edited = isObject(result)
          ? editRecords(result, `${noun}Attributes`, (attribute) => withoutAll(attribute))
          : undefined;
        return edited && { ...record, [`${noun}AttributesResult`]: edited };
      }),
      isAdded: false,
    };
  }
  if (service === 'rds' && kind === 'db')
    return {
      client: 'rds',
      operations: ['DescribeDBInstances'],
      edit: (body) =>
        editRecords(body, 'DBInstances', (record) =>
          text(field(record, 'DBInstanceArn')) === arn && field(record, 'PubliclyAccessible') === true
            ? { ...record, PubliclyAccessible: false }
            : undefined,
        ),
      isAdded: false,
    };
  return undefined;
}

function withoutAll(attribute: JsonObject): JsonObject | undefined {
  const values = field(attribute, 'AttributeValues');
  if (!Array.isArray(values) || !values.includes('all')) return undefined;
  return { ...attribute, AttributeValues: values.filter((value) => value !== 'all') };
}
