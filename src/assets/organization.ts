import { field, type JsonObject, objects, text } from '../model/index.js';
import { type AssetFamily, type Link, link } from './declaration.js';

const CHILDREN = ['organizations:account', 'organizations:organizational-unit'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html */
export const organization: AssetFamily = {
  types: [
    {
      type: 'organizations:root',
      answer: 'organizations/ListRoots',
      list: 'Roots[]',
      identity: { arn: 'Arn', bare: 'Id' },
      name: 'Name',
    },
    {
      type: 'organizations:organizational-unit',
      answer: 'organizations/ListOrganizationalUnitsForParent',
      keyed: true,
      list: 'OrganizationalUnits[]',
      identity: { arn: 'Arn', bare: 'Id' },
      name: 'Name',
    },
    {
      type: 'organizations:account',
      answer: 'organizations/ListAccounts',
      list: 'Accounts[]',
      identity: { arn: 'Arn', bare: 'Id' },
      name: 'Name',
    },
    {
      type: 'organizations:policy',
      answer: 'organizations/DescribePolicy',
      keyed: true,
      list: 'Policy.PolicySummary',
      identity: { arn: 'Arn', bare: 'Id' },
      name: 'Name',
    },
  ],
  details: [
    { answer: 'organizations/ListParents', about: CHILDREN, moreLinks: parentLinks },
    {
      answer: 'organizations/ListPoliciesForTarget',
      // Asked once for each kind of policy: `<target>/SERVICE_CONTROL_POLICY`.
      assetIn: (key) => key.split('/')[0] ?? key,
      about: ['organizations:account', 'organizations:organizational-unit', 'organizations:root'],
      links: [['has-policy', 'organizations:policy', 'Policies[].Arn']],
    },
    {
      answer: 'organizations/ListAccountsForParent',
      about: ['organizations:organizational-unit', 'organizations:root'],
      links: [['contains', 'organizations:account', 'Accounts[].Arn']],
    },
    {
      answer: 'organizations/ListOrganizationalUnitsForParent',
      about: ['organizations:organizational-unit', 'organizations:root'],
      links: [['contains', 'organizations:organizational-unit', 'OrganizationalUnits[].Arn']],
    },
    { answer: 'organizations/DescribePolicy', about: 'organizations:policy' },
  ],
};

function parentLinks(answer: JsonObject): Link[] {
  return objects(field(answer, 'Parents')).flatMap((parent) => {
    const isRoot = text(field(parent, 'Type')) === 'ROOT';
    return link('in', isRoot ? 'organizations:root' : 'organizations:organizational-unit', text(field(parent, 'Id')));
  });
}
