import { at, field, list, number, objects, text, unknown } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import type { Balancer, TargetGroup } from './balancers.js';
import { isAnswered, keyedRecords, recordsOf, wasRefused } from './snapshot-records.js';

const V2 = 'elastic-load-balancing-v2';

/** The target groups that say of themselves that a balancer forwards to them. */
export function readGroupsBehind(snapshot: Snapshot): Map<string, string[]> {
  const behind = new Map<string, string[]>();
  for (const { record } of recordsOf(snapshot, V2, 'DescribeTargetGroups', 'TargetGroups')) {
    const id = text(field(record, 'TargetGroupArn'));
    if (id === undefined) continue;
    for (const arn of list(field(record, 'LoadBalancerArns')).flatMap((item) => text(item) ?? []))
      behind.set(arn, [...(behind.get(arn) ?? []), id]);
  }
  return behind;
}

const keepingUnknown = (id: string) =>
  unknown(`preserve_client_ip.enabled of ${id}`, 'whether targets see the address of the client was not collected');

/** In place of a group that a listener names and that was not collected. */
export const unseenGroup = (id: string, { kind, source }: Balancer): TargetGroup => ({
  id,
  kind: undefined,
  keepsClient: kind === 'network' && keepingUnknown(id),
  crossesZones: true,
  targets: undefined,
  port: undefined,
  unclear: unknown(`targets of ${id}`, 'the target group was not collected'),
  source,
});

/** The attributes of balancers or target groups, by ARN. */
export const attributesOf = (snapshot: Snapshot, operation: string): Map<string, Map<string, string>> =>
  new Map(
    [...keyedRecords(snapshot, V2, operation)].map(([id, { record }]) => [
      id,
      new Map(
        objects(field(record, 'Attributes')).map((a) => [text(field(a, 'Key')) ?? '', text(field(a, 'Value')) ?? '']),
      ),
    ]),
  );

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation */
export function readTargetGroups(
  snapshot: Snapshot,
  groups: Map<string, TargetGroup>,
  crossing: ReadonlyMap<string, boolean | undefined>,
): void {
  const attributes = attributesOf(snapshot, 'DescribeTargetGroupAttributes');
  const isAsked = (id: string, answer: Answer): boolean =>
    attributes.has(id) || isAnswered(snapshot, answer, V2, 'DescribeTargetGroupAttributes', id);
  const health = new Map(keyedRecords(snapshot, V2, 'DescribeTargetHealth'));
  for (const { record, answer } of recordsOf(snapshot, V2, 'DescribeTargetGroups', 'TargetGroups')) {
    const id = text(field(record, 'TargetGroupArn')) ?? '';
    const kind = text(field(record, 'TargetType')) ?? 'instance';
    const protocol = text(field(record, 'Protocol')) ?? '';
    const stated = attributes.get(id)?.get('preserve_client_ip.enabled');
    const isSettable = ['TCP', 'TLS'].includes(protocol) && (kind === 'instance' || kind === 'ip');
    const byNature =
      ['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC', 'GENEVE'].includes(protocol) ||
      kind === 'alb' ||
      (kind === 'instance' && isSettable);
    const isRefused = wasRefused(snapshot, answer, V2, 'DescribeTargetGroupAttributes', id);
    const zones = attributes.get(id)?.get('load_balancing.cross_zone.enabled');
    const port = number(field(record, 'Port'));
    const seen = health.get(id);
    groups.set(id, {
      id,
      kind,
      keepsClient: stated !== undefined ? stated === 'true' : isSettable && isRefused ? keepingUnknown(id) : byNature,
      // A group says otherwise than its balancer, or leaves it to it: where it was not asked, either may be.
      crossesZones:
        zones === 'true' ? true : zones === 'false' ? false : isAsked(id, answer) ? crossing.get(id) : undefined,
      targets:
        seen === undefined
          ? undefined
          : objects(field(seen.record, 'TargetHealthDescriptions')).flatMap((item) => {
              const target = text(at(item, 'Target', 'Id'));
              if (target === undefined) return [];
              return [
                {
                  id: target,
                  port: number(at(item, 'Target', 'Port')) ?? port,
                  health: text(at(item, 'TargetHealth', 'State')) ?? 'unknown',
                },
              ];
            }),
      port,
      unclear: unknown(`targets of ${id}`, 'its registered targets were not collected'),
      source: seen?.answer.source ?? answer.source,
    });
  }
}
