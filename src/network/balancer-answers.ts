import { type Attempt, onCondition, onPorts } from './attempts.js';
import { type Client, throughBalancer } from './balanced.js';
import type { Balancer, Listener } from './balancers.js';
import type { Endpoints } from './endpoints.js';
import { type PortSet, unitePorts } from './port-set.js';
import type { World } from './world.js';

/** What becomes of connections that come to a node of a balancer: it answers itself, or (where it passes packets on) some target does. */
export function answersAt(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  { node, attempt }: Pick<Client, 'node' | 'attempt'>,
): Attempt[] {
  if (balancer.unclear !== undefined) return [onCondition(attempt, balancer.unclear)];
  const answers = ({ answersItself }: Listener): boolean => answersItself;
  const own = balancer.listeners.filter(answers).reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
  const passing = { ...balancer, listeners: balancer.listeners.filter((l) => !answers(l)) };
  const passed = throughBalancer(world, endpoints, passing, { node, attempt }).map((found) => found.attempt);
  if (own.length > 0) return [onPorts(attempt, own), ...passed];
  if (passed.length > 0) return passed;
  const { outcome } = attempt;
  const blocker = { asset: balancer.arn, fact: 'no target is registered behind its listener' };
  return [{ ...attempt, outcome: { ...outcome, sure: [], maybe: [], blockers: [...outcome.blockers, blocker] } }];
}
