import { onceForBoth, unknown } from '../model/index.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Interface } from './interfaces.js';
import { markPublic } from './managed-endpoints.js';

/** Instances that were stopped, as they are once they run. */
export interface Started {
  /** They and nothing else. */
  readonly alone: Endpoints;
  /** They in their places among all that there is; alone among what could be a balancer's target. */
  readonly amongAll: Endpoints;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html#concepts-public-addresses */
const GIVEN_ADDRESS = unknown(
  'public address',
  'whether the instance is given a public address once it is started is not in the API',
);

/** A public address that was not kept for instances may be given anew to those of one interface. Balancers keep them among their targets. */
export const startedEndpoints = onceForBoth((endpoints: Endpoints, started: ReadonlySet<string>): Started => {
  const running = new Map(
    [...started].flatMap((id) => {
      const endpoint = endpoints.byAsset.get(id);
      return endpoint ? [[id, runningOnce(endpoint)] as const] : [];
    }),
  );
  const faces = new Map([...running.values()].flatMap(({ interfaces }) => interfaces.map((face) => [face.id, face])));
  const asRunning = (endpoint: Endpoint | undefined): Endpoint | undefined =>
    endpoint && (running.get(endpoint.asset) ?? endpoint);
  const faceAsRunning = (face: Interface): Interface => faces.get(face.id) ?? face;
  return {
    alone: { ...endpoints, byAsset: running },
    amongAll: {
      ...endpoints,
      byAsset: new Map([...endpoints.byAsset, ...running]),
      ofInterface: (arn) => asRunning(endpoints.ofInterface(arn)),
      ofInstance: (id) => asRunning(endpoints.ofInstance(id)),
      atAddress: (address) => endpoints.atAddress(address).map(faceAsRunning),
      possibleTargets: (vpc) =>
        endpoints.possibleTargets(vpc).flatMap(({ isPrimary, members }) =>
          members.flatMap(({ endpoint, face }) => {
            const own = running.get(endpoint.asset);
            const made = faceAsRunning(face);
            return own ? [{ face: made, isPrimary, members: [{ endpoint: own, face: made }] }] : [];
          }),
        ),
    },
  };
});

function runningOnce(endpoint: Endpoint): Endpoint {
  const [only, ...others] = endpoint.interfaces;
  const mayBeGiven = others.length === 0 && only?.addresses.every(({ publicIp }) => publicIp === undefined);
  const interfaces = endpoint.interfaces.map((face) => ({
    ...face,
    refuses: undefined,
    isSilent: undefined,
    unclear: undefined,
    addresses: face.addresses.map((address, at) =>
      mayBeGiven && at === 0 && address.family === 4 ? { ...markPublic(address), publicIf: GIVEN_ADDRESS } : address,
    ),
  }));
  return { ...endpoint, interfaces };
}
