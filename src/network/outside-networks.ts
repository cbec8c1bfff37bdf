import { field, groupBy, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { indexById, recordsOf } from './snapshot-records.js';

/** In words, what stands behind a virtual private gateway, VPN connection or Direct Connect gateway, by its id. */
export type OutsideNetworks = (id: string) => string;

/**
 * The networks outside AWS that VPN connections lead to, as far as the API names them.
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html
 */
export function readOutsideNetworks(snapshot: Snapshot): OutsideNetworks {
  const customers = indexById(
    recordsOf(snapshot, 'ec2', 'DescribeCustomerGateways', 'CustomerGateways'),
    'CustomerGatewayId',
    (id, { record }) =>
      `${id}${text(field(record, 'IpAddress')) === undefined ? '' : ` at ${text(field(record, 'IpAddress'))}`}`,
  );
  const connections = recordsOf(snapshot, 'ec2', 'DescribeVpnConnections', 'VpnConnections').flatMap(({ record }) => {
    const id = text(field(record, 'VpnConnectionId'));
    const state = text(field(record, 'State'));
    if (id === undefined || state === 'deleted' || state === 'deleting') return [];
    const customer = text(field(record, 'CustomerGatewayId')) ?? '';
    const routes = objects(field(record, 'Routes')).flatMap((r) => text(field(r, 'DestinationCidrBlock')) ?? []);
    const ranges = routes.length === 0 ? '' : `, static routes ${routes.join(', ')}`;
    return [
      {
        id,
        gateway: text(field(record, 'VpnGatewayId')) ?? '',
        words: `VPN connection ${id} to customer gateway ${customers.get(customer) ?? customer}${ranges}`,
      },
    ];
  });
  const byId = new Map(connections.map(({ id, words }) => [id, words]));
  const byGateway = groupBy(connections, ({ gateway }) => gateway);
  return (id) => {
    if (id.startsWith('vgw-')) {
      const known = byGateway.get(id)?.map(({ words }) => words) ?? [];
      return [...known, 'Direct Connect, where it is used'].join('; ');
    }
    return byId.get(id) ?? id;
  };
}
