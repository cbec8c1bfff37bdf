import { field, type JsonObject, text } from '../model/index.js';
import { type AssetFamily, type Link, link } from './declaration.js';

/** @see https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html */
export const identityCenter: AssetFamily = {
  types: [
    {
      type: 'sso:instance',
      answer: 'sso-admin/ListInstances',
      list: 'Instances[]',
      identity: { arn: 'InstanceArn' },
      name: 'Name',
      owner: 'OwnerAccountId',
    },
    ...['sso-admin/DescribePermissionSet', 'sso-admin/ListPermissionSets'].map((answer) => ({
      type: 'sso:permission-set',
      answer,
      keyed: true,
      list: answer.endsWith('ListPermissionSets') ? 'PermissionSets[]' : 'PermissionSet',
      textAs: 'PermissionSetArn',
      identity: { arn: 'PermissionSetArn' },
      name: 'Name',
      moreLinks: instanceOf,
    })),
  ],
};

/** `arn:aws:sso:::permissionSet/<instance>/<set>`. */
function instanceOf(set: JsonObject): readonly Link[] {
  const [head = '', instance] = (text(field(set, 'PermissionSetArn')) ?? '').split('/');
  return link('part-of', 'sso:instance', instance && `${head.replace('permissionSet', 'instance')}/${instance}`);
}
