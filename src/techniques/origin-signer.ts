import type { AuthorizationAnswer, ContextValues } from '../iam/index.js';
import {
  type Asset,
  at,
  type Condition,
  field,
  type Json,
  type JsonObject,
  objects,
  text,
  unknown,
} from '../model/index.js';
import type { Origin } from '../network/index.js';
import type { World } from './world.js';

/** As whom a distribution asks an origin. */
export interface Signer {
  readonly principals: readonly string[];
  /** It is an origin access control. */
  readonly isControl: boolean;
  readonly conditions: readonly Condition[];
}

/**
 * `undefined` where requests are not signed: then the bucket sees nobody in particular.
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
 */
export function signerOf(world: World, { id, account }: Asset, { record }: Origin): Signer | undefined {
  const control = text(field(record, 'OriginAccessControlId')) ?? '';
  if (control !== '') {
    const answer = world.observed.answer('cloudfront/ListOriginAccessControls', account, 'global');
    const signing = found(answer, 'OriginAccessControlList', control)?.['SigningBehavior'];
    if (signing === 'never') return undefined;
    const unseen = unknown(`origin access control of ${id}`, 'whether it signs requests was not collected');
    const conditions = signing === undefined ? [unseen] : [];
    return { principals: ['cloudfront.amazonaws.com'], isControl: true, conditions };
  }
  const identity = (text(at(record, 'S3OriginConfig', 'OriginAccessIdentity')) ?? '').split('/').at(-1) ?? '';
  if (identity === '') return undefined;
  const answer = world.observed.answer('cloudfront/ListCloudFrontOriginAccessIdentities', account, 'global');
  const canonical = text(found(answer, 'CloudFrontOriginAccessIdentityList', identity)?.['S3CanonicalUserId']);
  const arn = `arn:${id.split(':')[1]}:iam::cloudfront:user/CloudFront Origin Access Identity ${identity}`;
  return {
    principals: [arn, ...(canonical === undefined ? [] : [`canonical:${canonical}`])],
    isControl: false,
    conditions: [],
  };
}

const found = (answer: Json | undefined, list: string, id: string): JsonObject | undefined =>
  objects(at(answer, list, 'Items')).find((item) => text(field(item, 'Id')) === id);

/** What is certain of requests that a distribution signs by an origin access control. */
export const contextOf = ({ id, account }: Asset): ContextValues => ({
  'aws:SourceArn': id,
  'aws:SourceAccount': account,
});

/** That something is let, on conditions. */
export type Allowed = Pick<AuthorizationAnswer, 'conditions' | 'decidedBy'>;

/** The answer of several that lets most; `undefined` where none lets anything. */
export const allowedTo = (answers: readonly AuthorizationAnswer[]): Allowed | undefined =>
  answers.find(({ verdict }) => verdict === 'allowed') ??
  answers.find(({ verdict }) => verdict === 'depends' || verdict === 'unknown');
