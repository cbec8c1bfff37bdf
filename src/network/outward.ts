import { unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import type { Endpoints } from './endpoints.js';
import type { FlowSet } from './flow-set.js';
import { silence } from './face-gates.js';
import { combineGates, type Gate } from './gate.js';
import { groupGate } from './group-gate.js';
import {
  describeIps,
  hasIps,
  INTERNET,
  intersectIps,
  type IpSet,
  NO_ADDRESSES,
  ofFamily,
  parseIpSet,
  subtractIps,
  toSourceCidrs,
} from './ip-set.js';
import { byNat64 } from './nat64.js';
import { legsOut, outwardExit } from './outward-exit.js';
import type { PortSet } from './port-set.js';
import type { Asker, Attempt } from './attempts.js';
import type { World } from './world.js';

/** Every way of what is inside to addresses that nothing in the snapshot holds: the internet's, or a network's behind a gateway. */
export function waysOut(world: World, endpoints: Endpoints, asker: Asker, ips: IpSet, ports: PortSet): Attempt[] {
  const attempts: Attempt[] = [];
  for (const { face, addresses } of asker.faces)
    for (const source of addresses) {
      attempts.push(...byNat64(world, face, source, ofFamily(ips, 4), ports));
      const family = ofFamily(ips, source.family);
      const global = intersectIps(family, INTERNET);
      const local = subtractIps(family, INTERNET);
      if (hasIps(global)) {
        const flows: FlowSet = [{ src: source.ips, dst: global, ports }];
        const seenAs = parseIpSet(source.publicIp ?? '') ?? NO_ADDRESSES;
        // A gateway endpoint leads to the addresses of one service: that is not the internet.
        const { outcome } = outwardExit(world, face, source, seenAs, flows, ips !== INTERNET);
        attempts.push({ outcome, destination: toSourceCidrs(global).join(', '), face: face.id, evidence: [] });
      }
      if (hasIps(local)) {
        const flows: FlowSet = [{ src: source.ips, dst: local, ports }];
        const gates: Gate[] = [
          ...silence(face),
          groupGate(world, face, 'egress', flows, []),
          ...(face.subnet === '' ? [] : [aclGate(world, face.subnet, 'egress', flows)]),
          legsOut(world, face, flows, holderDoubt(endpoints, local)),
          answerGate(world, face.subnet, 'ingress', flows, 'host'),
        ];
        attempts.push({
          outcome: combineGates(flows, gates),
          destination: describeIps(local),
          face: face.id,
          evidence: [],
        });
      }
    }
  return attempts;
}

/** Whether something whose interface is not in the API may hold an address. */
function holderDoubt(endpoints: Endpoints, ips: IpSet): ReturnType<typeof unknown> | undefined {
  for (const endpoint of endpoints.byAsset.values())
    for (const face of endpoint.interfaces)
      if (face.addresses.some((a) => a.isRange === true && hasIps(intersectIps(a.ips, ips))))
        return unknown(
          `who holds ${describeIps(ips)}`,
          `${endpoint.asset} has an address in ${face.subnet} that is not in the API`,
        );
  return undefined;
}
