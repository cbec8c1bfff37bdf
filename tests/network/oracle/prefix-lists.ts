/** The addresses of a service that a gateway endpoint leads to. */
export const SERVICE_LIST = 'pl-00000053';

/** What another VPC has, for the routes of a VPC that has no part of it. */
export const FAR_LIST = 'pl-00000004';

/** pl-1: part of the internet; pl-2: two VPCs; pl-3: both halves of IPv4; a service's own; subnets and a VPC. In every place under the same ids. */
export const PREFIX_LISTS: readonly (readonly [string, readonly string[]])[] = [
  ['pl-00000001', ['8.8.8.0/24', '130.0.0.0/8', '2a00::/16']],
  ['pl-00000002', ['10.1.0.0/16', '10.0.1.0/24', '2600:1f00:0:100::/56']],
  ['pl-00000003', ['0.0.0.0/1', '128.0.0.0/1']],
  [SERVICE_LIST, ['8.8.9.0/24', '130.5.0.0/16']],
  [FAR_LIST, ['10.2.0.0/16', '10.1.1.0/24', '10.1.2.0/24', '8.8.8.0/25']],
];
export const PREFIX_LIST_IDS = PREFIX_LISTS.map(([id]) => id);
