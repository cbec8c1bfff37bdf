import { describe, expect, test } from 'vitest';
import { ACCOUNT, arn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const ADMIN = `aws:admin/${ACCOUNT}`;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const policy = (name: string): string => arn('iam', `policy/${name}`);

const administers = (...says: readonly Says[]): string | undefined =>
  reachedFrom({ users: { ann: { says } } }, ANN).assets.get(ADMIN);

/** Attaching what an operator of `iam:PolicyARN` lets through. */
const attach = (operator: string, value: string, action = 'iam:AttachUserPolicy'): Says => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  Condition: { [operator]: { 'iam:PolicyARN': value } },
});
const exceptOf = (operator: string, value: string): Says => ({
  Effect: 'Deny',
  Action: 'iam:Attach*',
  Resource: '*',
  Condition: { [operator]: { 'iam:PolicyARN': value } },
});

describe('policies that may be attached', () => {
  test.each<[string, readonly Says[]]>([
    ['any but AdministratorAccess', [attach('StringNotEquals', ADMINISTRATOR)]],
    ['any, where AdministratorAccess is denied', ['iam:AttachUserPolicy', exceptOf('ArnEquals', ADMINISTRATOR)]],
    [
      'those of the account, where they may be made',
      ['iam:AttachUserPolicy', 'iam:CreatePolicy', exceptOf('ArnLike', 'arn:aws:iam::aws:policy/*')],
    ],
    [
      'those of one name, where such may be made',
      [attach('ArnLike', policy('app-*')), `iam:CreatePolicy on ${policy('*')}`],
    ],
    [
      'those of one name to a new role',
      ['iam:CreateRole', attach('ArnLike', policy('app-*'), 'iam:AttachRolePolicy'), 'iam:CreatePolicy'],
    ],
  ])('make administrators: %s', (_, says) => {
    expect(administers(...says)).toBe('admin confirmed');
  });

  test.each<[string, readonly Says[]]>([
    ['those of the account, where none may be made', [attach('ArnLike', policy('*'))]],
    [
      'those of one name, where others may be made alone',
      [attach('ArnLike', policy('app-*')), `iam:CreatePolicy on ${policy('test-*')}`],
    ],
    ['one of AWS that only reads', [attach('ArnEquals', 'arn:aws:iam::aws:policy/ReadOnlyAccess'), 'iam:CreatePolicy']],
  ])('make none: %s', (_, says) => {
    expect(administers(...says)).toBeUndefined();
  });

  test('make some on condition: those of one name, which may be made with MFA', () => {
    const withMfa: Says = {
      Effect: 'Allow',
      Action: 'iam:CreatePolicy',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    };
    expect(administers(attach('ArnLike', policy('app-*')), withMfa)).toBe('admin conditional');
  });

  test('a policy that is there already is none that is made', () => {
    const says = [attach('ArnEquals', policy('app')), 'iam:CreatePolicy'];
    const { assets } = reachedFrom({ users: { ann: { says } }, policies: { app: [['s3:*']] } }, ANN);
    expect(assets.get(ADMIN)).toBeUndefined();
  });
});

describe('names of policies that hang on who asks', () => {
  const OWN = policy('${aws:username}-*');
  const bob = { says: [`iam:CreatePolicy on ${OWN}`] };
  const reaches = (says: readonly Says[], users: Readonly<Record<string, { says: readonly Says[] }>> = {}) =>
    reachedFrom({ users: { ann: { says }, ...users } }, ANN).assets.get(ADMIN);

  test.each<[string, readonly Says[]]>([
    ['made under one’s own name', [attach('ArnLike', policy('ann-*')), `iam:CreatePolicy on ${OWN}`]],
    ['attached under one’s own name', [attach('ArnLike', OWN), `iam:CreatePolicy on ${policy('*')}`]],
    ['made and attached under one’s own name', [attach('StringLike', OWN), `iam:CreatePolicy on ${OWN}`]],
    [
      'made under one’s own name, and attached but for others',
      [attach('ArnNotLike', policy('bob-*')), exceptOf('ArnLike', 'arn:aws:iam::aws:*'), `iam:CreatePolicy on ${OWN}`],
    ],
  ])('make administrators: %s', (_, says) => {
    expect(reaches(says)).toBe('admin confirmed');
  });

  test.each<[string, readonly Says[]]>([
    [
      'made under one’s own name, attached under another’s',
      [attach('ArnLike', policy('bob-*')), `iam:CreatePolicy on ${OWN}`],
    ],
    [
      'attached under one’s own name, made under another’s',
      [attach('ArnLike', OWN), `iam:CreatePolicy on ${policy('bob-*')}`],
    ],
    [
      'of a tag that one does not have',
      [attach('ArnLike', OWN), `iam:CreatePolicy on ${policy('${aws:PrincipalTag/team}-*')}`],
    ],
  ])('make none: %s', (_, says) => {
    expect(reaches(says, { bob })).toBeUndefined();
  });

  test('a policy of a name that another may make serves whoever may become that other', () => {
    const says = [attach('ArnLike', policy('bob-*'))];
    expect(reaches(says, { bob })).toBeUndefined();
    expect(reaches([...says, `iam:CreateAccessKey on ${userArn('bob')}`], { bob })).toBe('admin confirmed');
  });

  test('of more holders than names are tried of, it is unknown whether one may make what one may attach', () => {
    const crowd = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`user-${i}`, bob]));
    const makes = `iam:CreatePolicy on ${OWN}`;
    expect(reaches([attach('ArnLike', policy('ann-*')), makes], crowd)).toBe('admin conditional');
    expect(reaches([attach('ArnLike', policy('ann-*'))], crowd)).toBeUndefined();
    expect(reaches([makes], crowd)).toBeUndefined();
    expect(reaches(['iam:AttachUserPolicy', makes], crowd)).toBe('admin confirmed');
    // One that no policy names serves for certain.
    expect(reaches([attach('ArnLike', policy('*')), 'iam:CreatePolicy'], crowd)).toBe('admin confirmed');
  });
});
