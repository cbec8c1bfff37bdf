import { type Asset, bucketAt, isMentionedOnly, unknown } from '../model/index.js';
import { type Behavior, type Distribution, least, type Origin, readDistribution } from '../network/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { ifKeyUnseen, isAwsManaged, keyOfAssetTurnedOn } from './keys.js';
import { type Allowed, allowedTo, contextOf, type Signer, signerOf } from './origin-signer.js';
import { opensAction } from './public-opening.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';

/** Buckets that a distribution of CloudFront reads, or writes, for whoever asks it. */
export const exposedOriginBucket: Technique = {
  id: 'exposed-origin-bucket',
  title: 'Read or write a bucket through a distribution that asks nobody who comes',
  tactic: 'Initial Access',
  attack: ['T1530'],
  references: [
    `${GUIDE}/private-content-restricting-access-to-s3.html`,
    `${GUIDE}/private-content-trusted-signers.html`,
  ],
  premises: [
    'A distribution of CloudFront that is on has the bucket as an origin, and a behavior that leads there and needs no signed URL or cookie.',
    'It signs its requests, by an origin access control or identity, and the bucket’s policy lets it in.',
    'Where a customer-managed key encrypts the bucket, the key’s policy lets the distribution in too; no key that AWS manages does.',
  ],
  assumptions: ['The intruder knows, or guesses, the names of objects.'],
  difficulty: { cost: 1, reason: 'anybody may ask the distribution' },
  published: 'a distribution serves it to everybody, as it does what is meant to be read',
  detection: ['s3:GetObject (data event)', 'Access log of the distribution'],
  remediation: 'Have the distribution ask for signed URLs or cookies, or take the bucket out of it.',
  steps: (world, emit) => {
    for (const asset of world.graph.assetsOfType('cloudfront:distribution')) {
      const distribution = readDistribution(asset.record);
      for (const origin of distribution?.origins ?? []) {
        const bucket = bucketOf(world, asset, origin);
        const open = origin.behaviors.filter(({ isSigned }) => !isSigned);
        if (!distribution || bucket === undefined || open.length === 0) continue;
        const signer = signerOf(world, asset, origin);
        for (const use of signer ? USES.filter(({ isForControls }) => signer.isControl || !isForControls) : []) {
          const behaviors = open.filter(({ methods }) => use.method === undefined || methods.includes(use.method));
          const may = behaviors.length === 0 ? undefined : mayUse(world, asset, bucket, origin, signer as Signer, use);
          const turnedOn = use.keyCall === undefined ? [] : keyOfAssetTurnedOn(world, 's3:bucket', bucket);
          if (!may || turnedOn.includes(undefined)) continue;
          emit({
            head: fact(use.head, bucket),
            body: [INTERNET_FACT, ...turnedOn.filter((one) => one !== undefined)],
            conditions: [...distribution.conditions, ...least(behaviors), ...may.conditions],
            label: {
              technique: exposedOriginBucket,
              detail: () => ({
                text: `${use.does} ${nameOf(world, bucket)} through distribution ${nameOf(world, asset.id)} (${use.action}), which asks nobody who comes.`,
                evidence: [
                  stated(world, asset.id, says(distribution, origin, behaviors)),
                  ...may.decidedBy.map(
                    (d) => d.evidence ?? stated(world, bucket, `statement ${d.statement} lets the distribution in`),
                  ),
                ],
                fix: exposedOriginBucket.remediation,
              }),
            },
          });
        }
      }
    }
  },
};

/** What a distribution does for whoever asks. */
interface Use {
  readonly action: string;
  readonly head: 'data-read' | 'data-write';
  /** The method by which it is asked, where that is not one which every behavior takes. */
  readonly method?: string;
  readonly keyCall?: string;
  /** Origin access identities do not. */
  readonly isForControls: boolean;
  readonly does: string;
}

const USES: readonly Use[] = [
  { action: 's3:GetObject', head: 'data-read', keyCall: 'kms:Decrypt', isForControls: false, does: 'Read objects of' },
  {
    action: 's3:PutObject',
    head: 'data-write',
    method: 'PUT',
    keyCall: 'kms:GenerateDataKey',
    isForControls: true,
    does: 'Write objects into',
  },
  { action: 's3:DeleteObject', head: 'data-write', method: 'DELETE', isForControls: true, does: 'Delete objects of' },
];

function says({ arn }: Distribution, { domain, path }: Origin, behaviors: readonly Behavior[]): string {
  const patterns = behaviors.map(({ pattern }) => pattern).join(', ');
  return `${arn.split('/').at(-1)} fetches ${patterns} from ${domain}${path} for whoever asks`;
}

/**
 * The bucket of an origin, where its account was collected; websites are asked without a signature, as everybody may. What signs for a distribution is
 * known in its partition alone.
 */
function bucketOf(world: World, { id }: Asset, { domain }: Origin): string | undefined {
  const host = bucketAt(domain);
  if (!host || host.isWebsite || host.partition !== id.split(':')[1]) return undefined;
  const bucket = world.graph.asset(`arn:${host.partition}:s3:::${host.bucket}`);
  return bucket && !isMentionedOnly(bucket) ? bucket.id : undefined;
}

/** On which conditions the bucket, and the key that encrypts it, let a distribution do something; `undefined` where they do not. */
function mayUse(
  world: World,
  distribution: Asset,
  bucket: string,
  { path }: Origin,
  signer: Signer,
  { action, keyCall }: Use,
): Allowed | undefined {
  // CloudFront asks a bucket by the protocol that it is asked by.
  const context = { ...contextOf(distribution), 'aws:SecureTransport': 'true' };
  const asked = (principals: readonly string[], call: string, resource: string): Allowed | undefined =>
    allowedTo(principals.map((principal) => world.iam.evaluate({ principal, action: call, resource, context })));
  const object = `${bucket}${path}/*`;
  const may = asked(signer.principals, action, object) ?? byUnseenIdentity(world, bucket, signer, action);
  const key =
    keyCall === undefined
      ? NOTHING_MORE
      : mayUseKey(world, bucket, signer, (id) => asked(signer.principals, keyCall, id));
  return may && key
    ? { conditions: [...signer.conditions, ...may.conditions, ...key.conditions], decidedBy: may.decidedBy }
    : undefined;
}

const NOTHING_MORE: Allowed = { conditions: [], decidedBy: [] };

/** A bucket may name an origin access identity by an id of its own, which its account tells. */
function byUnseenIdentity(world: World, bucket: string, signer: Signer, action: string): Allowed | undefined {
  if (signer.isControl || signer.principals.length > 1) return undefined;
  const opening = world.iam
    .openings(bucket)
    .find(({ to, who, actions }) => to === 'account' && /^[0-9a-f]{64}$/.test(who) && opensAction({ actions }, action));
  if (!opening) return undefined;
  const whose = unknown(
    `canonical id ${opening.who}`,
    'whether it is that of the origin access identity was not collected',
  );
  return { conditions: [...opening.conditions, whose], decidedBy: opening.decidedBy };
}

/**
 * Distributions use keys by an origin access control alone. Keys that AWS manages let in principals of the account, and no services.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#oac-permission-to-access-s3
 */
function mayUseKey(
  world: World,
  bucket: string,
  { isControl }: Signer,
  ask: (key: string) => Allowed | undefined,
): Allowed | undefined {
  const key = world.graph.outgoing(bucket, 'encrypted-with')[0]?.to;
  if (key === undefined) return { conditions: ifKeyUnseen(world, bucket), decidedBy: [] };
  return !isControl || isAwsManaged(world, key) ? undefined : ask(key);
}
