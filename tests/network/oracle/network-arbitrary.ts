import fc, { type Arbitrary } from 'fast-check';
import { type Cloud, type Mutable, type Place, startCloud } from './cloud.js';
import { type Draw, drawFrom } from './draw.js';
import { drawBalancers } from './draw-balancers.js';
import { drawDatabases } from './draw-databases.js';
import { drawEndpoints } from './draw-endpoints.js';
import { drawGroups } from './draw-groups.js';
import { drawInterfaces } from './draw-interfaces.js';
import { drawNetworkAcls } from './draw-network-acls.js';
import { drawRoutes } from './draw-routes.js';
import { drawServices } from './draw-services.js';
import { drawTransit } from './draw-transit.js';
import { drawVpc, type Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';
import { PREFIX_LISTS } from './prefix-lists.js';

/** A drawn network, and whether it holds something that nobody can decide from the records. */
export interface DrawnNetwork {
  readonly answers: Cloud['answers'];
  readonly undecidable: boolean;
}

const ACCOUNTS = ['111122223333', '444455556666'] as const;
const REGIONS = ['us-east-1', 'us-west-2'] as const;

/** Whole networks from a small alphabet, so that blocks, ports and names collide. */
export const networkArbitrary: Arbitrary<DrawnNetwork> = fc.gen().map((g) => drawNetwork(drawFrom(g)));

export function drawNetwork(draw: Draw): DrawnNetwork {
  const home: Place = { account: ACCOUNTS[0], region: REGIONS[0] };
  const places = [home];
  if (draw.chance(35)) places.push({ account: ACCOUNTS[1], region: REGIONS[0] });
  if (draw.chance(20)) places.push({ account: ACCOUNTS[0], region: REGIONS[1] });
  const cloud = startCloud(places);
  const vpcs = Array.from({ length: draw.count(1, 3) }, (_, index) =>
    drawVpcIn(draw, cloud, places, index === 0 ? home : draw.pick(places), index),
  );
  const drawing: Drawing = { draw, cloud, vpcs, undecidable: false };
  for (const place of places) drawPrefixLists(drawing, place);
  drawPeerings(drawing);
  const transit = drawTransit(drawing);
  for (const vpc of vpcs) {
    drawRoutes(drawing, vpc, transit);
    drawNetworkAcls(drawing, vpc);
    drawGroups(drawing, vpc);
    drawInterfaces(drawing, vpc);
    drawDatabases(drawing, vpc);
    drawEndpoints(drawing, vpc);
    drawBlockPublicAccess(drawing, vpc);
  }
  drawBalancers(drawing);
  drawServices(drawing);
  return { answers: cloud.answers, undecidable: drawing.undecidable };
}

/** A VPC, whose subnets may be shared with another account of the Region. */
function drawVpcIn(draw: Draw, cloud: Cloud, places: readonly Place[], place: Place, index: number): Vpc {
  const others = places.filter(({ account, region }) => region === place.region && account !== place.account);
  return drawVpc(draw, cloud, place, index, others.length > 0 && draw.chance(50) ? draw.pick(others) : undefined);
}

function drawPrefixLists({ cloud }: Drawing, place: Place): void {
  for (const [id, cidrs] of PREFIX_LISTS) {
    cloud.add(place, 'ec2/DescribeManagedPrefixLists', {
      PrefixListId: id,
      PrefixListName: id,
      AddressFamily: 'IPv4',
      State: 'create-complete',
      MaxEntries: 10,
      OwnerId: place.account,
    });
    cloud.set(place, 'ec2/GetManagedPrefixListEntries', id, { Entries: cidrs.map((Cidr) => ({ Cidr })) });
  }
}

function drawPeerings({ draw, cloud, vpcs }: Drawing): void {
  for (const [index, a] of vpcs.entries()) {
    for (const b of vpcs.slice(index + 1)) {
      if (!draw.chance(60)) continue;
      const code = draw.chance(90) ? 'active' : 'deleted';
      const end = (vpc: Vpc): Mutable => ({
        CidrBlock: vpc.cidrs[0],
        CidrBlockSet: vpc.cidrs.map((CidrBlock) => ({ CidrBlock })),
        Ipv6CidrBlockSet: vpc.ipv6 === undefined ? [] : [{ Ipv6CidrBlock: vpc.ipv6 }],
        OwnerId: vpc.place.account,
        Region: vpc.place.region,
        VpcId: vpc.id,
      });
      for (const place of new Set([a.place, b.place])) {
        cloud.add(place, 'ec2/DescribeVpcPeeringConnections', {
          RequesterVpcInfo: end(a),
          AccepterVpcInfo: end(b),
          Status: { Code: code, Message: code },
          VpcPeeringConnectionId: `pcx-${a.index}${b.index}`,
        });
      }
      if (code === 'active') a.peers.add(b.index);
      if (code === 'active') b.peers.add(a.index);
    }
  }
}

function drawBlockPublicAccess({ draw, cloud }: Drawing, vpc: Vpc): void {
  if (!draw.chance(10)) return;
  const options = cloud.answers.get(`${vpc.place.account}/${vpc.place.region}/ec2/DescribeVpcBlockPublicAccessOptions`);
  if (!options) return;
  options['VpcBlockPublicAccessOptions'] = {
    InternetGatewayBlockMode: draw.pick(['block-bidirectional', 'block-ingress']),
    ExclusionsAllowed: 'allowed',
    State: 'update-complete',
  };
  if (!draw.chance(70)) return;
  const { account, region } = vpc.place;
  const resource = draw.chance(50) ? `vpc/${vpc.id}` : `subnet/${draw.pick(vpc.subnets).id}`;
  cloud.add(vpc.place, 'ec2/DescribeVpcBlockPublicAccessExclusions', {
    ExclusionId: `vpcbpa-exclude-${vpc.index}`,
    InternetGatewayExclusionMode: draw.pick(['allow-bidirectional', 'allow-egress']),
    ResourceArn: `arn:aws:ec2:${region}:${account}:${resource}`,
    State: draw.chance(85) ? 'create-complete' : draw.pick(['delete-complete', 'disable-complete']),
  });
}
