import { EXIT, UserError } from '../model/index.js';
import { acceleratedTo } from './accelerated.js';
import { whereverAsker } from './asker-ranges.js';
import { type Attempt, onCondition } from './attempts.js';
import { countAddresses } from './ip-set.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Blocker, ReachAnswer, ReachQuestion } from './network.js';
import { waysOut } from './outward.js';
import { formatPorts, intersectPorts } from './port-set.js';
import { answerOf } from './reach-answer.js';
import { readAsker, readPorts, readTarget } from './reach-question.js';
import { unseenHolder } from './unseen-holders.js';
import { unseenBalancers } from './unseen-balancers.js';
import { waysThrough, waysThroughUnseen, waysTo, waysToBalancer } from './ways.js';
import type { World } from './world.js';

/** The answer to one question. @throws UserError where it cannot be read, or names nothing in the snapshot */
export function reach(world: World, endpoints: Endpoints, question: ReachQuestion): ReachAnswer {
  const asker = readAsker(endpoints, question.from);
  const target = readTarget(endpoints, question.to);
  const asked = readPorts(question.port);
  const listening = target.endpoint?.ports;
  const ports = listening === undefined ? asked : intersectPorts(asked, listening);
  const isInternet = question.from === 'internet';
  const stopped = (blockers: readonly Blocker[]): ReachAnswer => ({
    from: question.from,
    to: question.to,
    verdict: 'no',
    allowed: [],
    blockedBy: blockers,
    conditions: [],
  });
  for (const absent of [target.endpoint?.absent, endpoints.byAsset.get(question.from)?.absent])
    if (absent !== undefined)
      return 'fact' in absent ? stopped([absent]) : { ...stopped([]), verdict: 'unknown', conditions: [absent] };
  if (target.endpoint === undefined && target.pairs.length === 0) {
    if (asker.faces.length === 0) throw new UserError(`no interface in the snapshot holds ${question.to}`, EXIT.usage);
    const holder = countAddresses(target.ips) === 1 ? unseenHolder(world, target.ips) : undefined;
    if (holder && 'fact' in holder) return stopped([holder]);
    const out = whereverAsker(asker, waysOut(world, endpoints, asker, target.ips, ports));
    if (out.length === 0)
      return stopped([{ asset: question.from, fact: `it has no address of the family of ${question.to}` }]);
    return answerOf(world, question, holder ? out.map((way) => onCondition(way, holder)) : out, undefined, false);
  }
  if (ports.length === 0 && target.endpoint !== undefined)
    return stopped([
      { asset: target.endpoint.asset, fact: `it listens on ${formatPorts(listening ?? []).join(', ')} only` },
    ]);
  if (question.from === question.to)
    return stopped([{ asset: question.to, fact: 'it is the same asset: nothing crosses the network' }]);
  const attempts: Attempt[] = [];
  for (const pair of target.pairs) {
    const balancer = endpoints.ofInterface(pair.face.arn)?.balancer ?? endpoints.byAsset.get(pair.face.asset)?.balancer;
    if (balancer === undefined) attempts.push(...waysTo(world, asker, pair, ports));
    else attempts.push(...waysToBalancer(world, endpoints, asker, pair, balancer, ports));
  }
  const isWhole = target.endpoint?.asset === question.to;
  if (target.endpoint?.balancer && isWhole)
    attempts.push(...acceleratedTo(world, endpoints, asker.outside, target.endpoint.balancer, ports));
  const isInterface = target.endpoint !== undefined && target.pairs[0]?.face.arn === question.to;
  if (target.endpoint?.balancer === undefined && (isWhole || isInterface))
    attempts.push(
      ...waysThrough(
        world,
        endpoints,
        asker,
        target.endpoint?.asset ?? question.to,
        ports,
        isWhole ? undefined : question.to,
      ),
    );
  if (attempts.length === 0)
    return stopped([
      {
        asset: target.endpoint?.asset ?? question.to,
        fact: 'the two ends have no addresses of one family, or no interfaces',
      },
    ]);
  const answering = isWhole ? target.endpoint : single(target.endpoint);
  const answer = answerOf(world, question, whereverAsker(asker, attempts), answering, isInternet);
  if (answer.verdict !== 'no') return answer;
  const possible =
    target.endpoint && target.endpoint.balancer === undefined && (isWhole || isInterface)
      ? waysThroughUnseen(world, endpoints, asker, target.endpoint.asset, ports, isWhole ? undefined : question.to)
      : [];
  if (possible.length > 0)
    return answerOf(world, question, whereverAsker(asker, [...attempts, ...possible]), answering, isInternet);
  const unseen = unseenBalancers(world, endpoints, target.pairs);
  return unseen.length === 0 ? answer : { ...answer, verdict: 'unknown', blockedBy: [], conditions: unseen };
}

/** A question about one address is about one place. */
const single = (endpoint: Endpoint | undefined): Endpoint | undefined =>
  endpoint === undefined ? undefined : { ...endpoint, isOneOf: false };
