import { field, type JsonObject, parseArn, text } from '../model/index.js';
import type { Change } from './change.js';
import { addRecord, type Edit, editRecords, removeRecords } from './edit.js';
import { hasSamePorts, peersOf } from './permission-text.js';

const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split('/').at(-1) ?? arn;

/** On the body of ec2/DescribeSecurityGroups. */
export function editGroupRule({ do: verb, group, direction, permission }: Change & { kind: 'group-rule' }): Edit {
  const id = nameIn(group);
  const key = direction === 'ingress' ? 'IpPermissions' : 'IpPermissionsEgress';
  return (body) =>
    editRecords(body, 'SecurityGroups', (record) => {
      if (text(field(record, 'GroupId')) !== id) return undefined;
      if (verb === 'add') return addRecord(record, key, permission);
      return editRecords(record, key, (stated) =>
        hasSamePorts(stated, permission) ? withoutPeers(stated, permission) : undefined,
      );
    });
}

/** A permission without the peers of another. */
function withoutPeers(stated: JsonObject, permission: JsonObject): JsonObject | undefined {
  let left: JsonObject | undefined;
  for (const { list, peer } of peersOf(permission)) {
    const [key, name] = list;
    left = removeRecords(left ?? stated, key, (entry) => text(field(entry, name)) === peer) ?? left;
  }
  return left;
}

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];

/** On the body of ec2/DescribeRouteTables. */
export function editRoute({ do: verb, table, destination, target }: Change & { kind: 'route' }): Edit {
  const id = nameIn(table);
  const isMeant = (route: JsonObject): boolean =>
    DESTINATIONS.some((key) => text(field(route, key)) === destination) && text(field(route, 'GatewayId')) !== 'local';
  return (body) =>
    editRecords(body, 'RouteTables', (record) => {
      if (text(field(record, 'RouteTableId')) !== id) return undefined;
      return verb === 'add'
        ? addRecord(record, 'Routes', makeRoute(destination, target ?? ''))
        : removeRecords(record, 'Routes', isMeant);
    });
}

function makeRoute(destination: string, target: string): JsonObject {
  const key = destination.startsWith('pl-') ? 2 : destination.includes(':') ? 1 : 0;
  const by = target.startsWith('nat-')
    ? 'NatGatewayId'
    : target.startsWith('tgw-')
      ? 'TransitGatewayId'
      : target.startsWith('pcx-')
        ? 'VpcPeeringConnectionId'
        : target.startsWith('eni-')
          ? 'NetworkInterfaceId'
          : target.startsWith('eigw-')
            ? 'EgressOnlyInternetGatewayId'
            : 'GatewayId';
  return { [DESTINATIONS[key] as string]: destination, [by]: target, State: 'active', Origin: 'CreateRoute' };
}

/** On the bodies of ec2/DescribeInstances and ec2/DescribeIamInstanceProfileAssociations. */
export function editInstanceProfile({ instance }: Change & { kind: 'instance-profile' }): Edit {
  const id = nameIn(instance);
  return (body) =>
    removeRecords(body, 'IamInstanceProfileAssociations', (record) => text(field(record, 'InstanceId')) === id) ??
    editRecords(body, 'Reservations', (reservation) =>
      editRecords(reservation, 'Instances', (record) => {
        if (text(field(record, 'InstanceId')) !== id || field(record, 'IamInstanceProfile') === undefined)
          return undefined;
        const { IamInstanceProfile: _, ...left } = record;
        return left;
      }),
    );
}
