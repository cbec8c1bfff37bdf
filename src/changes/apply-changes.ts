import { EXIT, type JsonObject, parseArn, readPolicyId, UserError } from '../model/index.js';
import { type Answer, replaceAnswers, type Snapshot } from '../snapshot/index.js';
import type { Change } from './change.js';
import { describeChange } from './describe-change.js';
import type { Edit } from './edit.js';
import { editAttachment, editIamStatement } from './edit-iam.js';
import { editGroupRule, editInstanceProfile, editRoute } from './edit-network.js';
import { closePublicAccess, editResourceStatement, isOfPlace, RESOURCE_POLICIES } from './edit-resources.js';

/**
 * The snapshot as AWS would answer after some changes, made one after another.
 * @throws UserError where the snapshot has nothing that a change is about
 */
export const applyChanges = (snapshot: Snapshot, changes: readonly Change[]): Snapshot =>
  changes.reduce(applyChange, snapshot);

function applyChange(snapshot: Snapshot, change: Change): Snapshot {
  const edited = editsOf(snapshot, change);
  if (edited.size === 0)
    throw new UserError(`${describeChange(change).text}: the snapshot has no such thing to change`, EXIT.usage);
  return replaceAnswers(snapshot, edited);
}

function editsOf(snapshot: Snapshot, change: Change): ReadonlyMap<string, JsonObject> {
  switch (change.kind) {
    case 'group-rule':
      return edit(snapshot.answers('ec2', 'DescribeSecurityGroups'), editGroupRule(change));
    case 'route':
      return edit(snapshot.answers('ec2', 'DescribeRouteTables'), editRoute(change));
    case 'instance-profile':
      return edit(
        ['DescribeInstances', 'DescribeIamInstanceProfileAssociations'].flatMap((operation) =>
          snapshot.answers('ec2', operation),
        ),
        editInstanceProfile(change),
      );
    case 'attached-policy':
      return edit(iamAnswers(snapshot, change.holder), editAttachment(change));
    case 'statement':
      return editStatement(snapshot, change);
    case 'public-access':
      return editPublicAccess(snapshot, change.asset);
    default:
      return change satisfies never;
  }
}

function edit(answers: readonly Answer[], change: Edit): ReadonlyMap<string, JsonObject> {
  const bodies = new Map<string, JsonObject>();
  for (const { source, body } of answers) {
    const edited = change(body);
    if (edited !== undefined) bodies.set(source, edited);
  }
  return bodies;
}

const iamAnswers = (snapshot: Snapshot, arn: string): readonly Answer[] => {
  const account = parseArn(arn)?.account;
  return snapshot.answers('iam', 'GetAccountAuthorizationDetails').filter((answer) => answer.account === account);
};

function editStatement(snapshot: Snapshot, change: Change & { kind: 'statement' }): ReadonlyMap<string, JsonObject> {
  const { owner, part } = readPolicyId(change.policy);
  if (parseArn(owner)?.service === 'iam') return edit(iamAnswers(snapshot, owner), editIamStatement(change));
  const place = part === 'policy' ? RESOURCE_POLICIES.get(parseArn(owner)?.service ?? '') : undefined;
  if (!place) return new Map();
  const { client, operation, path } = place;
  const answers = snapshot.answers(client, operation).filter((answer) => isOfPlace(answer, owner));
  return edit(answers, editResourceStatement(owner, path, change.statement));
}

/** A bucket may have no settings of its own yet: then they are added to the first answer of the bucket's account. */
function editPublicAccess(snapshot: Snapshot, asset: string): ReadonlyMap<string, JsonObject> {
  const closing = closePublicAccess(asset);
  if (!closing) return new Map();
  const answers = closing.operations.flatMap((operation) => snapshot.answers(closing.client, operation));
  return edit(closing.isAdded ? placesOf(snapshot, asset, answers) : answers, closing.edit);
}

/** The answer that holds the bucket's settings, or could: that of the place where its policy or its name was answered. */
function placesOf(snapshot: Snapshot, asset: string, answers: readonly Answer[]): readonly Answer[] {
  const name = asset.slice(asset.lastIndexOf(':') + 1);
  const own = answers.filter(({ body }) => Object.hasOwn(body, name));
  if (own.length > 0) return own;
  const asked = snapshot.answers('s3', 'GetBucketPolicy').find(({ body }) => Object.hasOwn(body, name));
  const near = answers.filter(({ account, region }) => account === asked?.account && region === asked.region);
  return near.length > 0 ? near : answers.slice(0, 1);
}
