import { sortedUnique } from '../../model/index.js';
import { type ArnPattern, splitArn } from '../matching/arn-pattern.js';
import { hasWildcard } from '../matching/glob.js';
import { type OpenForm, openForm, overlap } from '../matching/pattern-overlap.js';
import { mustHavePolicy } from '../resources/must-resource-allow.js';
import { isPlainService } from '../resources/own-policies.js';
import type { Target } from '../resources/resolve-target.js';
import { isOpenResource } from '../witnesses.js';

/** The resources of a question, with what can be said of them before the question is known. */
export interface TargetList {
  /** Distinct and sorted. */
  readonly arns: readonly string[];
  /** Owners of the resources. */
  readonly accounts: ReadonlySet<string | undefined>;
  /** Parts of them that differ in nothing but their names and tags. */
  readonly alike: readonly AlikeTargets[];
  /** All others. */
  readonly others: readonly Placed[];
}

/** A resource and its place in the list. */
export interface Placed {
  readonly position: number;
  readonly target: Target;
}

export interface AlikeTargets {
  /** Where the first stands in the list. */
  readonly position: number;
  readonly arns: readonly string[];
  readonly first: Target;
  /** Each by itself. */
  all(): readonly Placed[];
  /** Whether a pattern matches all of them, none, or some, as far as their common beginning tells. */
  covers(pattern: ArnPattern): 'all' | 'none' | 'some';
}

export function makeTargetList(resources: readonly string[], target: (arn: string) => Target): TargetList {
  const arns = isRising(resources) ? resources : sortedUnique(resources);
  const byShape = new Map<string, number[]>();
  const others: Placed[] = [];
  const put = (shape: string, position: number): void => {
    const same = byShape.get(shape);
    if (same) same.push(position);
    else byShape.set(shape, [position]);
  };
  let beginning: string | undefined;
  for (let position = 0; position < arns.length; position++) {
    const arn = arns[position] as string;
    // Thousands of volumes or instances are not looked at one by one.
    if (beginning === undefined || !arn.startsWith(beginning)) beginning = plainBeginning(arn);
    if (beginning !== undefined && !hasWildcard(arn)) {
      put(beginning, position);
      continue;
    }
    const made = target(arn);
    const shape = shapeOf(made);
    if (shape === undefined) others.push({ position, target: made });
    else put(shape, position);
  }
  const alike = [...byShape.values()].map((positions) => alikeTargets(positions, arns, target));
  return {
    arns,
    accounts: new Set([...alike.map(({ first }) => first.account), ...others.map((one) => one.target.account)]),
    alike,
    others,
  };
}

/** The beginning of an ARN, up to its account, that says that the resource is told from others of the same beginning by its name and tags alone. */
function plainBeginning(arn: string): string | undefined {
  const parts = splitArn(arn);
  const service = parts[2];
  return parts.length === ARN_SEGMENTS && parts[0] === 'arn' && service !== undefined && isPlainService(service)
    ? `${parts.slice(0, ARN_SEGMENTS - 1).join(':')}:`
    : undefined;
}

function isRising(texts: readonly string[]): boolean {
  for (let at = 1; at < texts.length; at++) if ((texts[at - 1] as string) >= (texts[at] as string)) return false;
  return true;
}

/** Equal for targets that have nothing of their own which a policy could tell apart but name and tags; `undefined` for one that has. */
function shapeOf({ arn, own, bucket, grants, principal, account, region }: Target): string | undefined {
  const isPlain =
    (own.kind === 'none' || own.kind === 'missing') &&
    bucket === undefined &&
    grants.length === 0 &&
    principal === undefined &&
    !isOpenResource(arn) &&
    !mustHavePolicy(arn);
  return isPlain ? `${own.kind} ${account ?? ''} ${region ?? ''}` : undefined;
}

function alikeTargets(
  positions: readonly number[],
  all: readonly string[],
  target: (arn: string) => Target,
): AlikeTargets {
  const arns = positions.length === all.length ? all : positions.map((position) => all[position] as string);
  const known = new Map<string, 'all' | 'none' | 'some'>();
  let form: OpenForm | undefined;
  return {
    position: positions[0] as number,
    arns,
    first: target(arns[0] as string),
    all: () => positions.map((position) => ({ position, target: target(all[position] as string) })),
    covers: (pattern) => {
      if (pattern.any) return 'all';
      const before = known.get(pattern.text);
      if (before) return before;
      form ??= openForm(`${commonBeginning(arns)}*`);
      const made = form.segments.length < ARN_SEGMENTS ? 'some' : overlap(form, pattern);
      known.set(pattern.text, made);
      return made;
    },
  };
}

const ARN_SEGMENTS = splitArn('arn:aws:s3:::bucket').length;

/** Of sorted names, what the first and the last share all share. */
function commonBeginning(arns: readonly string[]): string {
  const first = arns[0] ?? '';
  const last = arns.at(-1) ?? '';
  let length = 0;
  while (length < first.length && first.charCodeAt(length) === last.charCodeAt(length)) length++;
  return first.slice(0, length);
}
