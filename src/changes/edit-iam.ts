import { field, type Json, type JsonObject, readPolicyId, text } from '../model/index.js';
import type { Change } from './change.js';
import { addRecord, type Edit, editRecords, firstOf, removeRecords } from './edit.js';
import { withoutStatement } from './edit-statement.js';
import { IAM_HOLDERS } from './iam-holders.js';

/** An edit of the user, role or group with the ARN, on the body of iam/GetAccountAuthorizationDetails. */
const editHolder =
  (arn: string, edit: (record: JsonObject, inlineKey: string) => JsonObject | undefined): Edit =>
  (body) =>
    firstOf(
      body,
      IAM_HOLDERS.map(
        ({ list, inline }): Edit =>
          (whole) =>
            editRecords(whole, list, (record) =>
              text(field(record, 'Arn')) === arn ? edit(record, inline) : undefined,
            ),
      ),
    );

const withDocument = (record: JsonObject, key: string, document: Json | undefined): JsonObject | undefined =>
  document === undefined ? undefined : { ...record, [key]: document };

/** A statement of a managed policy, of an inline one (`OWNER#NAME`), or of a trust policy (`ROLE#trust`). */
export function editIamStatement({ policy, statement }: Change & { kind: 'statement' }): Edit {
  const { owner, isManaged, part, inline: name } = readPolicyId(policy);
  if (isManaged) return editManaged(policy, statement);
  const inline = editHolder(owner, (record, key) =>
    editRecords(record, key, (entry) =>
      text(field(entry, 'PolicyName')) === name
        ? withDocument(entry, 'PolicyDocument', withoutStatement(field(entry, 'PolicyDocument'), statement))
        : undefined,
    ),
  );
  const trust = editHolder(owner, (record) =>
    withDocument(
      record,
      'AssumeRolePolicyDocument',
      withoutStatement(field(record, 'AssumeRolePolicyDocument'), statement),
    ),
  );
  return part === 'trust' ? trust : inline;
}

const editManaged =
  (arn: string, statement: string): Edit =>
  (body) =>
    editRecords(body, 'Policies', (record) => {
      if (text(field(record, 'Arn')) !== arn) return undefined;
      return editRecords(record, 'PolicyVersionList', (version) =>
        field(version, 'IsDefaultVersion') === true
          ? withDocument(version, 'Document', withoutStatement(field(version, 'Document'), statement))
          : undefined,
      );
    });

export function editAttachment({ do: verb, policy, holder }: Change & { kind: 'attached-policy' }): Edit {
  const name = policy.split('/').at(-1) ?? policy;
  return editHolder(holder, (record) =>
    verb === 'add'
      ? addRecord(record, 'AttachedManagedPolicies', { PolicyName: name, PolicyArn: policy })
      : removeRecords(record, 'AttachedManagedPolicies', (entry) => text(field(entry, 'PolicyArn')) === policy),
  );
}
