import { field, objects, text } from '../../../src/model/index.js';
import { DESCRIPTION, isMapped } from './database.js';
import { addressHolders, type Records } from './records.js';

/** Whether its service keeps what comes by an internet gateway from the IPv6 addresses of an interface. */
export const isKeptFromInternet = (records: Records, interfaceId: string): boolean =>
  isPrivateDatabase(records, interfaceId) || isInnerNode(records, interfaceId);

/**
 * A private database has no public IPv4 address.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.IP_addressing
 */
const isPrivateDatabase = (records: Records, interfaceId: string): boolean =>
  text(field(records.interfaces.get(interfaceId)?.record, 'Description')) === DESCRIPTION &&
  !addressHolders(records, interfaceId).some(isMapped);

/**
 * A balancer says so in an attribute, which is on for internal ones where nobody has set it.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes
 */
function isInnerNode(records: Records, interfaceId: string): boolean {
  const description = text(field(records.interfaces.get(interfaceId)?.record, 'Description')) ?? '';
  const found = [...records.balancers].find(([arn]) => description === `ELB ${arn.split(':loadbalancer/')[1]}`);
  if (!found) return false;
  const [arn, { record }] = found;
  const stated = objects(field(records.balancerAttributes.get(arn), 'Attributes')).find(
    (a) => text(field(a, 'Key')) === 'ipv6.deny_all_igw_traffic',
  );
  return stated ? text(field(stated, 'Value')) === 'true' : text(field(record, 'Scheme')) === 'internal';
}
