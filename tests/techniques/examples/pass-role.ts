import type { JsonObject } from '../../../src/model/index.js';
import { type Miniature, type MiniatureRole, roleArn, type Says } from '../miniature.js';
import { ANN, annMay, type Example, type ExampleFamily, type TechniqueExamples } from './example.js';
import { EXISTING, type Existing, PASSES, type Passing } from './passes.js';

const STRONG = roleArn('strong');
const BUCKET = { 'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] } };
const PASS = `iam:PassRole on ${STRONG}`;
const PASS_SECOND = `iam:PassRole on ${roleArn('second')}`;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html that tags of roles do not limit it */
const BY_TAG: Says = {
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: STRONG,
  Condition: { StringEquals: { 'aws:ResourceTag/team': 'shop' } },
};

/** A trust that the service uses for another account's things alone. */
const forAnotherAccount = (service: string): JsonObject => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sts:AssumeRole',
  Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } },
});

const otherServiceThan = (service: string): string =>
  service === 'lambda.amazonaws.com' ? 'ec2.amazonaws.com' : 'lambda.amazonaws.com';

/** Examples of passing a role: each thing that is needed is missing once. */
function examplesOf({
  service,
  calls,
  profile,
  needs = [],
  roleMay,
  moves,
  alongside,
  apart,
}: Passing): TechniqueExamples {
  const second = alongside === undefined ? [] : [PASS_SECOND];
  const role: MiniatureRole = {
    trust: service,
    ...(profile === true && { profile }),
    ...(roleMay !== undefined && { says: [roleMay] }),
    ...(moves && { says: ['s3:GetObject'] }),
  };
  const world = (
    changed: {
      readonly role?: MiniatureRole;
      readonly says?: readonly Says[];
      readonly second?: MiniatureRole;
      readonly without?: Existing;
      readonly unseen?: Existing;
    } = {},
  ): Miniature => {
    const answers = needs.map((need) =>
      need === changed.unseen ? {} : need === changed.without ? EXISTING[need].none : EXISTING[need].there,
    );
    return annMay(changed.says ?? [PASS, ...calls, ...second], {
      roles: {
        strong: changed.role ?? role,
        ...(needs.includes('instance-profile') && { other: { profile: true } }),
        ...(alongside !== undefined && { second: changed.second ?? { trust: alongside } }),
      },
      answers: Object.assign({}, ...answers, moves ? BUCKET : {}) as Record<string, JsonObject>,
    });
  };
  const last = calls.at(-1) as string;
  const fails: readonly Example[] = [
    {
      why: `The role trusts another service.`,
      world: world({ role: { ...role, trust: otherServiceThan(service) } }),
    },
    {
      why: 'The role trusts the service for the things of another account alone.',
      world: world({ role: { ...role, trust: forAnotherAccount(service) } }),
    },
    { why: `Ann may not call ${last}.`, world: world({ says: [PASS, ...calls.slice(0, -1), ...second] }) },
    {
      why: 'Ann may pass the role to another service alone.',
      world: world({
        says: [
          {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: STRONG,
            Condition: { StringEquals: { 'iam:PassedToService': otherServiceThan(service) } },
          },
          ...calls,
          ...second,
        ],
      }),
    },
    ...(alongside === undefined
      ? []
      : [
          { why: `Ann may not pass the role for ${alongside}.`, world: world({ says: [PASS, ...calls] }) },
          {
            why: `No role trusts ${alongside}.`,
            world: world({ second: { trust: otherServiceThan(service) } }),
          },
          {
            why: `The only role that trusts ${alongside} does so for the things of another account alone.`,
            world: world({ second: { trust: forAnotherAccount(alongside) } }),
          },
        ]),
    ...(profile === true
      ? [{ why: 'No instance profile holds the role.', world: world({ role: { trust: service } }) }]
      : []),
    ...needs
      .filter((need) => need !== 'instance-profile')
      .map((need) => ({ why: `There is no ${EXISTING[need].name}.`, world: world({ without: need }) })),
    ...(apart === undefined
      ? []
      : [
          {
            why: 'Ann may make the calls, but on no one thing that there is, or that she may make, all of them.',
            world: world({
              says: [PASS, ...calls.map((call) => (apart[call] ? `${call} on ${apart[call]}` : call)), ...second],
            }),
          },
        ]),
    ...(roleMay === undefined
      ? []
      : [{ why: `The role may not call ${roleMay}.`, world: world({ role: { trust: service } }) }]),
  ];
  const [unseen] = needs.filter((need) => need !== 'instance-profile' && EXISTING[need].mayHaveRole !== true);
  return {
    from: ANN,
    ...(moves
      ? { reaches: 'arn:aws:s3:::orders', access: 'read' as const }
      : { reaches: STRONG, access: 'control' as const }),
    works: {
      why: `Ann may pass the role and call ${calls.join(', ')}; the role trusts ${service}.`,
      world: world(),
    },
    fails: fails[0] as Example,
    alsoFails: fails.slice(1),
    unknown:
      unseen === undefined
        ? {
            why: 'Ann may pass roles with a tag, and AWS says of such a condition only that it is not to be relied on.',
            world: world({ says: [BY_TAG, ...calls, ...second] }),
            because: 'aws:ResourceTag/team',
          }
        : {
            why: `Whether there is ${/^[AEIO]/.test(EXISTING[unseen].name) ? 'an' : 'a'} ${EXISTING[unseen].name} was not collected.`,
            world: world({ unseen }),
            because: 'not collected',
          },
  };
}

/** Passing a role to a service that acts with it. */
export const PASS_ROLE_EXAMPLES: ExampleFamily = Object.fromEntries(
  Object.entries(PASSES).map(([id, passing]) => [id, examplesOf(passing)]),
);
