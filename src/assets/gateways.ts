import { at, field, type JsonObject, parseArn, text } from '../model/index.js';
import { type AssetFamily, type Link, link, type Place, regional } from './declaration.js';

/** What joins a VPC to the internet, to AWS and to other networks. */
export const gateways: AssetFamily = {
  types: [
    {
      type: 'ec2:internet-gateway',
      answer: 'ec2/DescribeInternetGateways',
      list: 'InternetGateways[]',
      identity: regional('ec2', 'internet-gateway/', 'InternetGatewayId'),
      links: [['attached-to', 'ec2:vpc', 'Attachments[].VpcId']],
      moreLinks: () => link('leads-to', 'internet', 'internet'),
    },
    {
      type: 'ec2:egress-only-internet-gateway',
      answer: 'ec2/DescribeEgressOnlyInternetGateways',
      list: 'EgressOnlyInternetGateways[]',
      identity: regional('ec2', 'egress-only-internet-gateway/', 'EgressOnlyInternetGatewayId'),
      links: [['attached-to', 'ec2:vpc', 'Attachments[].VpcId']],
    },
    {
      type: 'ec2:nat-gateway',
      answer: 'ec2/DescribeNatGateways',
      list: 'NatGateways[]',
      identity: regional('ec2', 'natgateway/', 'NatGatewayId'),
      links: [
        ['in-subnet', 'ec2:subnet', 'SubnetId'],
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['has-interface', 'ec2:network-interface', 'NatGatewayAddresses[].NetworkInterfaceId'],
      ],
    },
    {
      type: 'ec2:vpn-gateway',
      answer: 'ec2/DescribeVpnGateways',
      list: 'VpnGateways[]',
      identity: regional('ec2', 'vpn-gateway/', 'VpnGatewayId'),
      links: [['attached-to', 'ec2:vpc', 'VpcAttachments[].VpcId']],
    },
    {
      type: 'ec2:customer-gateway',
      answer: 'ec2/DescribeCustomerGateways',
      list: 'CustomerGateways[]',
      identity: regional('ec2', 'customer-gateway/', 'CustomerGatewayId'),
    },
    {
      type: 'ec2:vpn-connection',
      answer: 'ec2/DescribeVpnConnections',
      list: 'VpnConnections[]',
      identity: regional('ec2', 'vpn-connection/', 'VpnConnectionId'),
      links: [
        ['connects', 'ec2:vpn-gateway', 'VpnGatewayId'],
        ['connects', 'ec2:transit-gateway', 'TransitGatewayId'],
        ['connects', 'ec2:customer-gateway', 'CustomerGatewayId'],
      ],
    },
    {
      type: 'ec2:vpc-endpoint',
      answer: 'ec2/DescribeVpcEndpoints',
      list: 'VpcEndpoints[]',
      identity: regional('ec2', 'vpc-endpoint/', 'VpcEndpointId'),
      name: 'ServiceName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['in-subnet', 'ec2:subnet', 'SubnetIds[]'],
        ['has-interface', 'ec2:network-interface', 'NetworkInterfaceIds[]'],
        ['has-security-group', 'ec2:security-group', 'Groups[].GroupId'],
      ],
    },
    {
      type: 'ec2:vpc-block-public-access-exclusion',
      answer: 'ec2/DescribeVpcBlockPublicAccessExclusions',
      list: 'VpcBlockPublicAccessExclusions[]',
      identity: regional('ec2', 'vpc-block-public-access-exclusion/', 'ExclusionId'),
      moreLinks: (exclusion) => {
        const arn = text(field(exclusion, 'ResourceArn')) ?? '';
        return link('exempts', arn.includes(':subnet/') ? 'ec2:subnet' : 'ec2:vpc', arn);
      },
    },
    {
      type: 'ec2:vpc-peering-connection',
      answer: 'ec2/DescribeVpcPeeringConnections',
      list: 'VpcPeeringConnections[]',
      identity: regional('ec2', 'vpc-peering-connection/', 'VpcPeeringConnectionId'),
      owner: 'RequesterVpcInfo.OwnerId',
      moreLinks: (peering, place) =>
        at(peering, 'Status', 'Code') === 'active'
          ? [...peerLink(peering, 'RequesterVpcInfo', place), ...peerLink(peering, 'AccepterVpcInfo', place)]
          : [],
    },
    {
      type: 'ec2:transit-gateway',
      answer: 'ec2/DescribeTransitGateways',
      list: 'TransitGateways[]',
      identity: regional('ec2', 'transit-gateway/', 'TransitGatewayId', 'TransitGatewayArn'),
    },
    ...['ec2/DescribeTransitGatewayAttachments', 'ec2/DescribeTransitGatewayVpcAttachments'].map((answer) => ({
      type: 'ec2:transit-gateway-attachment',
      answer,
      list: answer.endsWith('VpcAttachments') ? 'TransitGatewayVpcAttachments[]' : 'TransitGatewayAttachments[]',
      identity: regional('ec2', 'transit-gateway-attachment/', 'TransitGatewayAttachmentId'),
      owner: answer.endsWith('VpcAttachments') ? 'VpcOwnerId' : 'ResourceOwnerId',
      links: [
        ['attached-to', 'ec2:transit-gateway', 'TransitGatewayId'],
        ['attached-to', 'ec2:transit-gateway-route-table', 'Association.TransitGatewayRouteTableId'],
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['in-subnet', 'ec2:subnet', 'SubnetIds[]'],
      ] as const,
      moreLinks: attachedResource,
    })),
    {
      type: 'ec2:transit-gateway-attachment',
      answer: 'ec2/DescribeTransitGatewayPeeringAttachments',
      list: 'TransitGatewayPeeringAttachments[]',
      identity: regional('ec2', 'transit-gateway-attachment/', 'TransitGatewayAttachmentId'),
      links: [
        ['connects', 'ec2:transit-gateway', 'RequesterTgwInfo.TransitGatewayId'],
        ['connects', 'ec2:transit-gateway', 'AccepterTgwInfo.TransitGatewayId'],
      ],
    },
    {
      type: 'ec2:transit-gateway-route-table',
      answer: 'ec2/DescribeTransitGatewayRouteTables',
      list: 'TransitGatewayRouteTables[]',
      identity: regional('ec2', 'transit-gateway-route-table/', 'TransitGatewayRouteTableId'),
      links: [['attached-to', 'ec2:transit-gateway', 'TransitGatewayId']],
    },
  ],
  details: [
    { answer: 'ec2/SearchTransitGatewayRoutes', about: 'ec2:transit-gateway-route-table' },
    { answer: 'ec2/GetTransitGatewayRouteTableAssociations', about: 'ec2:transit-gateway-route-table' },
    { answer: 'ec2/GetTransitGatewayRouteTablePropagations', about: 'ec2:transit-gateway-route-table' },
  ],
};

/** A peering names the other side's VPC with its account and region, which need not be in the snapshot. */
function peerLink(peering: JsonObject, side: string, place: Place): Link[] {
  const vpc = text(at(peering, side, 'VpcId'));
  if (vpc === undefined) return [];
  const account = text(at(peering, side, 'OwnerId')) ?? place.account;
  const region = text(at(peering, side, 'Region')) ?? place.region;
  return link('connects', 'ec2:vpc', `arn:${place.partition}:ec2:${region}:${account}:vpc/${vpc}`);
}

function attachedResource(attachment: JsonObject, place: Place): Link[] {
  if (field(attachment, 'ResourceType') !== 'vpc') return [];
  const id = text(field(attachment, 'ResourceId'));
  if (id === undefined) return [];
  const owner = text(field(attachment, 'ResourceOwnerId')) ?? place.account;
  const arn = parseArn(id) ? id : `arn:${place.partition}:ec2:${place.region}:${owner}:vpc/${id}`;
  return link('in-vpc', 'ec2:vpc', arn);
}
