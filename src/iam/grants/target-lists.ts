import { groupBy, sortedUnique } from '../../model/index.js';
import { type ArnPattern, splitArn } from '../matching/arn-pattern.js';
import { type OpenForm, openForm, overlap } from '../matching/pattern-overlap.js';
import { mustHavePolicy } from '../resources/must-resource-allow.js';
import type { Target } from '../resources/resolve-target.js';
import { isOpenResource } from '../witnesses.js';

/** The resources of a question, with what can be said of them before the question is known. */
export interface TargetList {
  /** Distinct and sorted; `targets` has the same order. */
  readonly arns: readonly string[];
  readonly targets: readonly Target[];
  /** Owners of the targets. */
  readonly accounts: ReadonlySet<string | undefined>;
  /** Parts of the targets that differ in nothing but their names and tags. */
  readonly alike: readonly AlikeTargets[];
  /** The positions of all others. */
  readonly others: readonly number[];
}

export interface AlikeTargets {
  /** In `targets` of the list, rising. */
  readonly positions: readonly number[];
  readonly targets: readonly Target[];
  /** Whether a pattern matches all of them, none, or some, as far as their common beginning tells. */
  covers(pattern: ArnPattern): 'all' | 'none' | 'some';
}

export function makeTargetList(resources: readonly string[], target: (arn: string) => Target): TargetList {
  const arns = isRising(resources) ? resources : sortedUnique(resources);
  const targets = arns.map(target);
  const all = targets.keys();
  const byShape = groupBy(all, (position) => shapeOf(targets[position] as Target));
  const others = byShape.get(undefined) ?? [];
  byShape.delete(undefined);
  return {
    arns,
    targets,
    accounts: new Set(targets.map(({ account }) => account)),
    alike: [...byShape.values()].map((positions) => alikeTargets(positions, targets)),
    others,
  };
}

const isRising = (texts: readonly string[]): boolean =>
  texts.every((text, at) => at === 0 || (texts[at - 1] as string) < text);

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

function alikeTargets(positions: readonly number[], all: readonly Target[]): AlikeTargets {
  const targets = positions.map((position) => all[position] as Target);
  const known = new Map<string, 'all' | 'none' | 'some'>();
  let form: OpenForm | undefined;
  return {
    positions,
    targets,
    covers: (pattern) => {
      if (pattern.any) return 'all';
      const before = known.get(pattern.text);
      if (before) return before;
      form ??= openForm(`${commonBeginning(targets)}*`);
      const made = form.segments.length < ARN_SEGMENTS ? 'some' : overlap(form, pattern);
      known.set(pattern.text, made);
      return made;
    },
  };
}

const ARN_SEGMENTS = splitArn('arn:aws:s3:::bucket').length;

/** Of sorted names, what the first and the last share all share. */
function commonBeginning(targets: readonly Target[]): string {
  const first = targets[0]?.arn ?? '';
  const last = targets.at(-1)?.arn ?? '';
  let length = 0;
  while (length < first.length && first.charCodeAt(length) === last.charCodeAt(length)) length++;
  return first.slice(0, length);
}
