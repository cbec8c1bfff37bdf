/**
 * Launching an instance is authorized on each thing that it is made of, and a property of one of them is no key of the request about another: a
 * statement that asks for an instance type says nothing of subnets.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const KIND_OF_KEY: ReadonlyMap<string, string> = new Map([
  ['ec2:ebsoptimized', 'instance'],
  ['ec2:instancebandwidthweighting', 'instance'],
  ['ec2:instancemarkettype', 'instance'],
  ['ec2:instancemetadatatags', 'instance'],
  ['ec2:instanceprofile', 'instance'],
  ['ec2:instancetype', 'instance'],
  ['ec2:metadatahttpendpoint', 'instance'],
  ['ec2:metadatahttpputresponsehoplimit', 'instance'],
  ['ec2:metadatahttptokens', 'instance'],
  ['ec2:associatepublicipaddress', 'network-interface'],
  ['ec2:encrypted', 'volume'],
  ['ec2:parentsnapshot', 'volume'],
  ['ec2:volumeiops', 'volume'],
  ['ec2:volumesize', 'volume'],
  ['ec2:volumethroughput', 'volume'],
  ['ec2:volumetype', 'volume'],
]);

/** What actions of EC2 make, by kind: the tags that a request sets are of these, and in no request about what else the action is checked on. */
export const TAGGED_KINDS: ReadonlyMap<string, RegExp> = new Map([
  ['ec2:runinstances', /^(instance|network-interface|secondary-interface|spot-instances-request|volume)$/],
  ['ec2:createsnapshot', /^snapshot$/],
  ['ec2:createsnapshots', /^snapshot$/],
  ['ec2:createvolume', /^volume$/],
  ['ec2:createimage', /^(image|snapshot)$/],
]);

const isTagOfRequest = (key: string): boolean => key === 'aws:tagkeys' || key.startsWith('aws:requesttag/');

/**
 * The kind of thing in EC2 that an ARN is about, where a key is of some kinds alone; `undefined` of other keys and ARNs. `key` in lower case.
 */
export const launchKindFor = (key: string, arn: string): string | undefined =>
  KIND_OF_KEY.has(key) || isTagOfRequest(key) ? /^arn:[^:]*:ec2:[^:]*:[^:]*:([a-z-]+)\//.exec(arn)?.[1] : undefined;

/** Whether something new is asked about on a thing of which a key is no property. `action` and `key` in lower case. */
export function isKeyOfAnotherKind(key: string, action: string, arn: string): boolean {
  const tagged = TAGGED_KINDS.get(action);
  if (!tagged) return false;
  const kind = launchKindFor(key, arn);
  if (kind === undefined) return false;
  if (isTagOfRequest(key)) return !tagged.test(kind);
  return action === 'ec2:runinstances' && kind !== KIND_OF_KEY.get(key);
}
