import type { AssetGraph } from '../graph/index.js';
import type { ReportPath, ReportStep } from '../findings/index.js';
import { type Evidence, groupBy, parseArn, readPolicyId } from '../model/index.js';
import type { Change } from './change.js';
import { peersOf } from './permission-text.js';

/** Changes that belong together, and the paths with a step that rests on them. */
export interface Proposal {
  readonly changes: readonly Change[];
  readonly paths: readonly ReportPath[];
}

/**
 * What could be taken away so that a step of some path falls: rules that let the internet in, statements that allow a call, an attached policy
 * where its text is AWS's own, an instance profile, a public permission. What AWS itself does (a metadata service that answers) is no candidate.
 */
export function proposeChanges(graph: AssetGraph, paths: readonly ReportPath[]): readonly Proposal[] {
  const uses = paths.flatMap((path) =>
    path.steps.flatMap((step) =>
      changesFor(graph, step).map((changes) => ({ key: JSON.stringify(changes), changes, path })),
    ),
  );
  return [...groupBy(uses, (use) => use.key).values()].map((same) => ({
    changes: same[0]?.changes ?? [],
    paths: [...new Map(same.map(({ path }) => [path.id, path])).values()],
  }));
}

/** Each: changes that together end what the step rests on. */
function changesFor(graph: AssetGraph, step: ReportStep): readonly (readonly Change[])[] {
  return [
    ...ruleChanges(step),
    ...step.evidence.flatMap((evidence) => statementChanges(graph, step, evidence)),
    ...ownChanges(step),
  ];
}

const EVERYWHERE = new Set(['0.0.0.0/0', '::/0']);

/** Each group that lets something in: its rules for everywhere, or (where none is so wide) all that the step rests on. */
function ruleChanges({ evidence }: ReportStep): readonly (readonly Change[])[] {
  const rules = evidence.flatMap(({ asset, stated }) =>
    stated?.kind === 'group-rule' && stated.direction === 'ingress'
      ? [{ group: asset, permission: stated.permission }]
      : [],
  );
  return [...groupBy(rules, ({ group }) => group).values()].map((own) => {
    const wide = own.filter(({ permission }) => peersOf(permission).some(({ peer }) => EVERYWHERE.has(peer)));
    return (wide.length > 0 ? wide : own).map(
      ({ group, permission }): Change => ({
        kind: 'group-rule',
        do: 'remove',
        group,
        direction: 'ingress',
        permission,
      }),
    );
  });
}

/** A boundary limits and grants nothing, and an organization's policy is everybody's: neither is a candidate. */
function statementChanges(
  graph: AssetGraph,
  step: ReportStep,
  { asset, stated }: Evidence,
): readonly (readonly Change[])[] {
  if (stated?.kind !== 'statement') return [];
  const { owner } = readPolicyId(asset);
  const arn = parseArn(owner);
  if (arn === undefined || arn.service === 'organizations') return [];
  if (graph.incoming(asset, 'bounded-by').length > 0) return [];
  if (arn.account !== 'aws') return [[{ kind: 'statement', do: 'remove', policy: asset, statement: stated.statement }]];
  return graph
    .incoming(asset, 'has-policy')
    .filter(
      ({ from }) =>
        step.requires.includes(from) || graph.outgoing(step.from, 'member-of').some(({ to }) => to === from),
    )
    .map(({ from }) => [{ kind: 'attached-policy', do: 'remove', policy: asset, holder: from }]);
}

const PUBLIC = new Set(['public-bucket', 'public-snapshot', 'exposed-database']);

/** What the technique itself says could be taken away. */
function ownChanges({ technique, from, to }: ReportStep): readonly (readonly Change[])[] {
  if (technique === 'imds-credential-theft') return [[{ kind: 'instance-profile', do: 'remove', instance: from }]];
  return PUBLIC.has(technique) ? [[{ kind: 'public-access', do: 'remove', asset: to }]] : [];
}

/** The assets that use what a change takes away, wanted or not. */
export function usersOf(graph: AssetGraph, change: Change): readonly string[] {
  switch (change.kind) {
    case 'group-rule':
      return graph.incoming(change.group, 'has-security-group').map(({ from }) => from);
    case 'statement':
      return graph.incoming(change.policy, 'has-policy').map(({ from }) => from);
    case 'instance-profile':
      return graph.outgoing(change.instance, 'uses-instance-profile').map(({ to }) => to);
    case 'attached-policy':
    case 'public-access':
    case 'route':
      return [];
    default:
      return change satisfies never;
  }
}
