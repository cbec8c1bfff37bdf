import { field, type JsonObject, makeArn, objects, text } from '../model/index.js';
import { type AssetFamily, type Link, type Place, regional } from './declaration.js';
import { principalLinks, principalReference } from './principal-reference.js';

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html */
export const encryption: AssetFamily = {
  types: [
    {
      type: 'kms:key',
      answer: 'kms/DescribeKey',
      keyed: true,
      list: 'KeyMetadata',
      identity: { arn: 'Arn', bare: 'KeyId', make: keyArn },
      owner: 'AWSAccountId',
    },
    {
      type: 'kms:key',
      answer: 'kms/ListKeys',
      list: 'Keys[]',
      identity: { arn: 'KeyArn', bare: 'KeyId', make: keyArn },
    },
    {
      type: 'kms:alias',
      answer: 'kms/ListAliases',
      list: 'Aliases[]',
      identity: regional('kms', '', 'AliasName', 'AliasArn'),
      name: 'AliasName',
      links: [['names-key', 'kms:key', 'TargetKeyId']],
      standsFor: ['names-key', 'kms:key', 'TargetKeyId'],
    },
  ],
  details: [
    {
      answer: 'kms/GetKeyPolicy',
      about: 'kms:key',
      moreLinks: (answer, place) => othersThanOwner(principalLinks('grants-access-to', field(answer, 'Policy')), place),
    },
    { answer: 'kms/ListGrants', about: 'kms:key', moreLinks: grantLinks },
    { answer: 'kms/ListResourceTags', about: 'kms:key', tags: 'Tags' },
  ],
};

/** Other records name a key by its id or by an alias. */
function keyArn(id: string, place: Place): string {
  return makeArn('kms', place.region, place.account, id.startsWith('alias/') ? id : `key/${id}`);
}

/** Nearly every key policy names the key's own account, which says nothing about who else has access. */
function othersThanOwner(links: readonly Link[], place: Place): Link[] {
  return links.filter((item) => item.to?.id !== `arn:${place.partition}:iam::${place.account}:root`);
}

function grantLinks(answer: JsonObject): Link[] {
  return objects(field(answer, 'Grants')).flatMap((grant) => {
    const grantee = text(field(grant, 'GranteePrincipal'));
    const isService = grantee?.endsWith('.amazonaws.com') ?? false;
    const to = grantee === undefined ? undefined : principalReference(isService ? 'Service' : 'AWS', grantee);
    return to === undefined ? [] : [{ kind: 'grants-access-to', to }];
  });
}
