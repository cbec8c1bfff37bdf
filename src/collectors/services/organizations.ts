import { field, type Json, type JsonObject, objects, text } from '../../model/index.js';
import type { Operation, Read, Request, ServiceCollector } from '../declaration.js';

/** Policy types that bound what principals and resources of an account may do. */
const POLICY_TYPES = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const;

const NOT_IN_USE = ['AWSOrganizationsNotInUseException'];

const ids = (value: Json | undefined): string[] => objects(value).flatMap((item) => text(field(item, 'Id')) ?? []);

/** Ids of what a keyed answer lists under `name`. */
const idsInEach = (answer: JsonObject, name: string): string[] =>
  Object.keys(answer).flatMap((key) => ids(field(field(answer, key), name)));

const perParent = (name: string): Operation => ({
  name,
  absent: NOT_IN_USE,
  each: async (read) => (await parents(read)).map((id) => ({ id, input: { ParentId: id } })),
});

async function parents(read: Read): Promise<string[]> {
  const [roots, units] = await Promise.all([read('ListRoots'), read('ListOrganizationalUnitsForParent')]);
  return [...ids(field(roots, 'Roots')), ...idsInEach(units, 'OrganizationalUnits')];
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html */
export const organizations: ServiceCollector = {
  service: 'organizations',
  prefix: 'organizations',
  load: () => import('@aws-sdk/client-organizations'),
  client: 'OrganizationsClient',
  scope: 'global',
  operations: [
    { name: 'DescribeOrganization', absent: NOT_IN_USE },
    { name: 'ListRoots', absent: NOT_IN_USE },
    { name: 'ListAccounts', absent: NOT_IN_USE },
    {
      name: 'ListOrganizationalUnitsForParent',
      absent: NOT_IN_USE,
      each: async (read) => ids(field(await read('ListRoots'), 'Roots')).map(unitRequest),
      leadsTo: (answer) => ids(field(answer, 'OrganizationalUnits')).map(unitRequest),
    },
    perParent('ListAccountsForParent'),
    {
      name: 'ListPoliciesForTarget',
      absent: [...NOT_IN_USE, 'PolicyTypeNotEnabledException', 'TargetNotFoundException'],
      each: async (read) => {
        const targets = [...(await parents(read)), ...ids(field(await read('ListAccounts'), 'Accounts'))];
        return targets.flatMap((target) =>
          POLICY_TYPES.map((Filter) => ({ id: `${target}/${Filter}`, input: { TargetId: target, Filter } })),
        );
      },
    },
    {
      name: 'DescribePolicy',
      absent: [...NOT_IN_USE, 'PolicyNotFoundException'],
      each: async (read) => {
        const policies = new Set(idsInEach(await read('ListPoliciesForTarget'), 'Policies'));
        return [...policies].map((id) => ({ id, input: { PolicyId: id } }));
      },
    },
  ],
};

const unitRequest = (id: string): Request => ({ id, input: { ParentId: id } });
