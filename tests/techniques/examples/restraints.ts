import { arn, type Miniature, type MiniaturePrincipal, roleArn, type Says } from '../miniature.js';
import { ANN, deny, type ExampleFamily, fromOffice, policyArn, ROBOT, type TechniqueExamples } from './example.js';

/** What waits behind the restraint. */
const WANTED = `iam:CreateAccessKey on ${ROBOT}`;
const HELD = deny('iam:CreateAccessKey');
const WEB = roleArn('web');
const TEAM = arn('iam', 'group/team');

type Kind = 'user' | 'role';

/** A user Ann or a role, with what it is limited by. */
const limited = (kind: Kind, principal: MiniaturePrincipal, more: Miniature = {}): Miniature => ({
  ...more,
  ...(kind === 'role' && { roles: { web: principal } }),
  users: { ...(kind === 'user' && { ann: principal }), robot: {} },
});

const idOf = (kind: Kind): string => (kind === 'user' ? ANN : WEB);
const frees = (kind: Kind) => ({ from: idOf(kind), reaches: ROBOT, access: 'control' }) as const;
const office = (action: string) => `The ${action} is allowed from the addresses of one office alone.`;

/** A boundary without which the principal makes an access key for another user. */
function onBoundary(kind: Kind, call: 'Delete' | 'Put'): TechniqueExamples {
  const action = `iam:${call}${kind === 'user' ? 'User' : 'Role'}PermissionsBoundary`;
  const world = (boundary: readonly Says[]): Miniature => limited(kind, { says: [WANTED, action], boundary });
  return {
    ...frees(kind),
    works: { why: `The boundary leaves the ${kind} the call that does away with it.`, world: world([action]) },
    fails: {
      why: `The boundary leaves the ${kind} the call on other ${kind}s alone.`,
      world: world([`${action} on ${idOf(kind).replace(/[^/]*$/, 'other')}`]),
    },
    unknown: { why: office('call'), world: world([fromOffice(action)]), because: 'aws:SourceIp' },
  };
}

/** A managed policy that denies, attached to the principal. */
function onAttached(kind: Kind): TechniqueExamples {
  const action = `iam:Detach${kind === 'user' ? 'User' : 'Role'}Policy`;
  const world = (detach: Says, ...denies: readonly Says[]): Miniature =>
    limited(kind, { says: [WANTED, detach], attached: ['no'] }, { policies: { no: [[HELD, ...denies]] } });
  return {
    ...frees(kind),
    works: {
      why: `The ${kind} may detach the policy that denies it what it is allowed otherwise.`,
      world: world(action),
    },
    fails: { why: 'The policy denies its own detaching too.', world: world(action, deny(action)) },
    unknown: { why: office('detaching'), world: world(fromOffice(action)), because: 'aws:SourceIp' },
  };
}

/** An inline policy that denies. What is allowed stands in a managed policy, so that it stays. */
function onInline(kind: Kind, call: 'Delete' | 'Put'): TechniqueExamples {
  const action = `iam:${call}${kind === 'user' ? 'User' : 'Role'}Policy`;
  const world = (removes: Says, ...denies: readonly Says[]): Miniature =>
    limited(kind, { says: [HELD, ...denies], attached: ['own'] }, { policies: { own: [[WANTED, removes]] } });
  const on = `${action} on ${idOf(kind)}`;
  return {
    ...frees(kind),
    works: {
      why: `The ${kind} may ${call === 'Put' ? 'overwrite' : 'delete'} its inline policy, which denies what another policy allows.`,
      world: world(on),
    },
    fails: { why: 'The inline policy denies that call too.', world: world(on, deny(action)) },
    unknown: { why: office('call'), world: world(fromOffice(on)), because: 'aws:SourceIp' },
  };
}

/** A group of Ann's that denies, by an inline or by a managed policy. */
function onGroup(action: string, how: string, isManaged = false): TechniqueExamples {
  const world = (call: Says, inTeam = true, ...denies: readonly Says[]): Miniature => ({
    users: { ann: { says: [WANTED, call], groups: inTeam ? ['team'] : ['team', 'other'] }, robot: {} },
    groups: {
      team: isManaged ? { attached: ['no'] } : { says: [HELD, ...denies] },
      ...(!inTeam && { other: { says: [HELD] } }),
    },
    ...(isManaged && { policies: { no: [[HELD, ...denies]] } }),
  });
  const on = `${action} on ${TEAM}`;
  return {
    from: ANN,
    reaches: ROBOT,
    access: 'control',
    works: { why: `${how}, which denies Ann what she is allowed otherwise.`, world: world(on) },
    fails: { why: 'Another group of Ann’s denies the same.', world: world(on, false) },
    unknown: { why: office('call'), world: world(fromOffice(on)), because: 'aws:SourceIp' },
  };
}

const boundaryPolicy = (call: Says): Miniature => ({
  users: { ann: { says: [WANTED, 'iam:*PolicyVersion'], boundary: [call] }, robot: {} },
});
const BOUNDARY = policyArn('boundary-ann');

const denyPolicy = (call: Says, ...older: readonly (readonly Says[])[]): Miniature => ({
  users: { ann: { says: [WANTED, call], attached: ['no'] }, robot: {} },
  policies: { no: [[HELD], ...older] },
});
const NO = policyArn('no');

/** Older versions of Ann's boundary; the version in force leaves her the call. */
const olderBoundary = (call: Says, older: Says): Miniature => ({
  users: { ann: { says: [WANTED, 'iam:SetDefaultPolicyVersion'], boundaryPolicy: 'limit' }, robot: {} },
  policies: { limit: [[call], [older]] },
});
const LIMIT = policyArn('limit');
const fromAnn = frees('user');

/** Taking away what holds a principal back. */
export const RESTRAINT_EXAMPLES: ExampleFamily = {
  'delete-user-boundary': onBoundary('user', 'Delete'),
  'delete-role-boundary': onBoundary('role', 'Delete'),
  'put-user-boundary': onBoundary('user', 'Put'),
  'put-role-boundary': onBoundary('role', 'Put'),
  'detach-user-deny': onAttached('user'),
  'detach-role-deny': onAttached('role'),
  'delete-user-deny': onInline('user', 'Delete'),
  'delete-role-deny': onInline('role', 'Delete'),
  'overwrite-user-deny': onInline('user', 'Put'),
  'overwrite-role-deny': onInline('role', 'Put'),
  'detach-group-deny': onGroup('iam:DetachGroupPolicy', 'Ann may detach a policy from her group', true),
  'delete-group-deny': onGroup('iam:DeleteGroupPolicy', 'Ann may delete the inline policy of her group'),
  'overwrite-group-deny': onGroup('iam:PutGroupPolicy', 'Ann may overwrite the inline policy of her group'),
  'leave-denying-group': onGroup('iam:RemoveUserFromGroup', 'Ann may take herself out of her group'),
  'rewrite-boundary-policy': {
    ...fromAnn,
    works: {
      why: 'Ann may make a new version of the policy that is her boundary.',
      world: boundaryPolicy(`iam:CreatePolicyVersion on ${BOUNDARY}`),
    },
    fails: {
      why: 'The boundary leaves Ann the call on another policy alone.',
      world: boundaryPolicy(`iam:CreatePolicyVersion on ${policyArn('other')}`),
    },
    unknown: {
      why: office('call'),
      world: boundaryPolicy(fromOffice(`iam:CreatePolicyVersion on ${BOUNDARY}`)),
      because: 'aws:SourceIp',
    },
  },
  'roll-back-boundary-policy': {
    ...fromAnn,
    works: {
      why: 'An older version of Ann’s boundary allows everything, and she may put it in force.',
      world: olderBoundary(`iam:SetDefaultPolicyVersion on ${LIMIT}`, '*'),
    },
    fails: {
      why: 'The older version of the boundary allows buckets alone.',
      world: olderBoundary(`iam:SetDefaultPolicyVersion on ${LIMIT}`, 's3:*'),
    },
    unknown: {
      why: office('call'),
      world: olderBoundary(fromOffice(`iam:SetDefaultPolicyVersion on ${LIMIT}`), '*'),
      because: 'aws:SourceIp',
    },
  },
  'rewrite-deny-policy': {
    ...fromAnn,
    works: {
      why: 'Ann may make a new version of the managed policy that denies.',
      world: denyPolicy(`iam:CreatePolicyVersion on ${NO}`),
    },
    fails: {
      why: 'The policy has five versions, which is the most, and Ann may not delete one.',
      world: denyPolicy(`iam:CreatePolicyVersion on ${NO}`, [HELD], [HELD], [HELD], [HELD]),
    },
    unknown: {
      why: office('call'),
      world: denyPolicy(fromOffice(`iam:CreatePolicyVersion on ${NO}`)),
      because: 'aws:SourceIp',
    },
  },
  'roll-back-deny-policy': {
    ...fromAnn,
    works: {
      why: 'An older version of the policy denies nothing, and Ann may put it in force.',
      world: denyPolicy(`iam:SetDefaultPolicyVersion on ${NO}`, ['s3:GetObject']),
    },
    fails: {
      why: 'The older version of the policy denies too.',
      world: denyPolicy(`iam:SetDefaultPolicyVersion on ${NO}`, [deny('iam:*')]),
    },
    unknown: {
      why: office('call'),
      world: denyPolicy(fromOffice(`iam:SetDefaultPolicyVersion on ${NO}`), ['s3:GetObject']),
      because: 'aws:SourceIp',
    },
  },
};
