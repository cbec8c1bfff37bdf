import type { Json, JsonObject } from '../../src/model/index.js';
import {
  arn,
  type Miniature,
  type MiniaturePrincipal,
  roleArn,
  type Says,
  tagList,
  userArn,
} from './miniature-world.js';

function statement(says: Says): JsonObject {
  if (typeof says !== 'string') return says;
  const [action = '', resource = '*'] = says.split(' on ');
  return { Effect: 'Allow', Action: action, Resource: resource };
}

const document = (says: readonly Says[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: says.map(statement),
});

function trustStatement(trust: string | JsonObject, account: string): JsonObject {
  const allow = (Principal: Json): JsonObject => ({ Effect: 'Allow', Principal, Action: ['sts:AssumeRole'] });
  if (typeof trust !== 'string') return 'Effect' in trust ? trust : allow(trust);
  return allow(trust.endsWith('.amazonaws.com') ? { Service: trust } : { AWS: arn('iam', trust, account) });
}

const attached = (names: readonly string[] = [], account: string): Json =>
  names.map((name) => ({
    PolicyName: name,
    PolicyArn: name.startsWith('arn:') ? name : arn('iam', `policy/${name}`, account),
  }));

const inline = (says: readonly Says[] = []): Json =>
  says.length === 0 ? [] : [{ PolicyName: 'inline', PolicyDocument: document(says) }];

const ADMINISTRATOR_ACCESS: JsonObject = {
  PolicyName: 'AdministratorAccess',
  Arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  DefaultVersionId: 'v1',
  AttachmentCount: 1,
  PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document(['*']) }],
};

/** The answer of GetAccountAuthorizationDetails. */
export function authorizationDetails(
  { users = {}, roles = {}, groups = {}, policies = {} }: Miniature,
  account: string,
): JsonObject {
  const boundaries = Object.entries({ ...users, ...roles }).flatMap(([name, { boundary }]) =>
    boundary ? [[`boundary-${name}`, [boundary]] as const] : [],
  );
  const bound = (name: string, { boundary, boundaryPolicy }: MiniaturePrincipal): JsonObject => {
    const policy = boundaryPolicy ?? (boundary && `boundary-${name}`);
    if (policy === undefined) return {};
    const PermissionsBoundaryArn = arn('iam', `policy/${policy}`, account);
    return { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn } };
  };
  return {
    UserDetailList: Object.entries(users).map(([name, u]) => ({
      Path: '/',
      UserName: name,
      UserId: `AIDA${name.toUpperCase()}`,
      Arn: userArn(name, account),
      UserPolicyList: inline(u.says),
      GroupList: u.groups ?? [],
      AttachedManagedPolicies: attached(u.attached, account),
      Tags: tagList(u.tags),
      ...bound(name, u),
    })),
    GroupDetailList: Object.entries(groups).map(([name, g]) => ({
      Path: '/',
      GroupName: name,
      GroupId: `AGPA${name.toUpperCase()}`,
      Arn: arn('iam', `group/${name}`, account),
      GroupPolicyList: inline(g.says),
      AttachedManagedPolicies: attached(g.attached, account),
    })),
    RoleDetailList: Object.entries(roles).map(([name, r]) => {
      const path = r.path ?? '/';
      const roleName = `${path === '/' ? '' : path.slice(1)}${name}`;
      return {
        Path: path,
        RoleName: name,
        RoleId: `AROA${name.toUpperCase()}`,
        Arn: roleArn(roleName, account),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [trustStatement(r.trust ?? 'ec2.amazonaws.com', account)],
        },
        InstanceProfileList: r.profile
          ? [
              {
                InstanceProfileName: name,
                Arn: arn('iam', `instance-profile/${name}`, account),
                Roles: [{ RoleName: name, Arn: roleArn(roleName, account) }],
              },
            ]
          : [],
        RolePolicyList: inline(r.says),
        AttachedManagedPolicies: attached(r.attached, account),
        Tags: tagList(r.tags),
        ...bound(name, r),
      };
    }),
    Policies: [
      ADMINISTRATOR_ACCESS,
      ...[...Object.entries(policies), ...boundaries].map(([name, versions]) => ({
        PolicyName: name.slice(name.lastIndexOf('/') + 1),
        Arn: name.startsWith('arn:') ? name : arn('iam', `policy/${name}`, account),
        DefaultVersionId: `v${versions.length}`,
        AttachmentCount: 1,
        PolicyVersionList: versions.map((says, i) => ({
          VersionId: `v${versions.length - i}`,
          IsDefaultVersion: i === 0,
          Document: document(says),
        })),
      })),
    ],
  };
}
