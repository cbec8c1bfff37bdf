import type { Authorizer, ContextValues, Retagging } from '../iam/index.js';
import { once, sortedUnique } from '../model/index.js';
import { fact } from './fact.js';
import { gainedOver, type JointGrant } from './joint-grants.js';
import type { GrantClauses } from './permission-clauses.js';
import { evidenceOf, THROUGH } from './permission-labels.js';
import type { PermissionFacts } from './permissions.js';
import type { ChangedWorld, Requirement, Requirements } from './requirement.js';
import {
  type ChangedTag,
  changesTags,
  type OpenTagging,
  RETAG_RESOURCE,
  nameOfTags,
  tagActionFor,
  taggingsOf,
} from './retagging.js';
import type { Emit } from './technique.js';
import { UNTRIED, untriedWays } from './untried-taggings.js';

/** A permission of which it is asked what other tags on its resources would add. */
export interface RetaggingQuestion {
  /** What its facts begin with. */
  readonly label: string;
  readonly action: string;
  readonly requirements: Requirements;
  /** What is had without. */
  readonly without: readonly JointGrant[];
  readonly world?: ChangedWorld;
}

interface Parts {
  readonly iam: Authorizer;
  readonly emit: Emit;
  readonly clauses: GrantClauses;
  readonly joint: (
    requirements: readonly Requirement[],
    changes: { readonly world?: ChangedWorld; readonly retagged?: Retagging },
  ) => readonly JointGrant[];
  readonly may: (requirement: Requirement) => PermissionFacts;
}

/** One change of tags, and the ways to it for a resource: the bodies of the clauses by which it is made. */
interface Gate {
  readonly name: string;
  readonly conditions: OpenTagging['conditions'];
  readonly ways: (resource: string) => readonly (readonly string[])[];
}

const CHANGES: readonly Retagging[] = ['set', 'removed'];

/**
 * What could be done once resources have other tags: the permission on the resource with its tags changed, and the changing itself. Where policies limit what
 * may be set, each tag that policies ask for is tried by itself, and two of them where that allows more.
 */
export function makeRetaggedGrants({ iam, emit, clauses, joint, may }: Parts) {
  /** Clauses by which a resource’s tags are changed, which are emitted once. */
  const gates = new Set<string>();

  const counted = new Set<string>();
  const emitOnce: Emit = (clause) => {
    const key = `${clause.head} from ${clause.body.join(' ')}`;
    if (counted.has(key)) return;
    counted.add(key);
    emit(clause);
  };

  const changed = (change: Retagging, question: RetaggingQuestion): readonly JointGrant[] => {
    const { action, requirements, without, world } = question;
    const [first, ...others] = requirements;
    const tagAction = tagActionFor(first.resources[0] ?? '*', change);
    // Whoever may change only the tags of what is tagged cannot begin by that.
    if (tagAction === undefined || changesTags(action)) return [];
    // Most may change no tags, and then nothing needs to be tried with other ones.
    if (may({ action: tagAction, resources: first.resources }).resources.length === 0) return [];
    const ask = (own: Requirement, retagged?: Retagging): readonly JointGrant[] =>
      gainedOver(joint([own, ...others], { ...(retagged && { retagged }), ...(world && { world }) }), without);
    const gained = ask(first, change);
    if (gained.length === 0) return [];
    const taggings = taggingsOf(iam, change);
    const mayChange = (action: string) => (context: ContextValues | undefined) =>
      may({ action, resources: first.resources, ...(context && { context }) });
    const facts = (context: ContextValues | undefined): (() => PermissionFacts) =>
      once(() => mayChange(tagAction)(context));
    const behind = (gate: Gate, grants: readonly JointGrant[]): readonly JointGrant[] =>
      emitBehind({ question, change, tagAction, gate, grants });

    const open = taggings.open.flatMap(({ name, context, conditions }) => {
      const allowed = facts(context);
      return behind({ name, conditions, ways: (resource) => wayOf(allowed(), resource) }, gained);
    });
    const keys = keysOf(first.resources[0] ?? '', action);
    const having = (tags: readonly ChangedTag[]): readonly JointGrant[] => {
      const stated = tags.flatMap(({ name, value }) => keys.map((key) => [`${key}/${name}`, value ?? []] as const));
      return ask({ ...first, context: { ...first.context, ...Object.fromEntries(stated) } });
    };
    const gateOf = (tags: readonly ChangedTag[], context: ContextValues): Gate => {
      const allowed = facts(context);
      return { name: nameOfTags(tags), conditions: [], ways: (resource) => wayOf(allowed(), resource) };
    };
    const isAllowed = (context: ContextValues): boolean => facts(context)().resources.length > 0;
    const settable = taggings.single.filter(({ context }) => isAllowed(context));
    const single = settable.flatMap(({ tags, context }) => behind(gateOf(tags, context), having(tags)));
    const done = [...open, ...single];
    if (gainedOver(gained, done).length === 0) return done;
    const unset = taggings.single.filter((tagging) => !settable.includes(tagging));
    const pairs = taggings.pairs([...settable, ...unset].flatMap(({ tags }) => tags));
    const contexts = new Map(taggings.single.map(({ tags, context }) => [nameOfTags(tags), context]));
    const double = pairs.tried.flatMap(({ tags, context }) => {
      // By one call, or by one after the other.
      const atOnce = facts(context);
      const singly = tags.map((tag) => facts(contexts.get(nameOfTags([tag]))));
      const ways: Gate['ways'] = (resource) => {
        const each = singly.flatMap((allowed) => allowed().of(resource) ?? []);
        return [...wayOf(atOnce(), resource), ...(each.length === tags.length ? [each] : [])];
      };
      return behind({ name: nameOfTags(tags), conditions: [], ways }, gainedOver(having(tags), done));
    });
    const tried = [...done, ...double];
    const rest = gainedOver(gained, tried.map(withoutConditions));
    if (rest.length === 0 || taggings.single.length === 0) return tried;
    const removal = tagActionFor(first.resources[0] ?? '*', 'removed') ?? tagAction;
    const singly = [
      { ways: settable, may: mayChange(tagAction) },
      ...(change === 'set' ? [{ ways: taggingsOf(iam, 'removed').single, may: mayChange(removal) }] : []),
    ];
    const name = `${change} with ${tagAction}`;
    const ways = untriedWays({ name, taggings, pairs, mayChange: mayChange(tagAction), singly }, emitOnce);
    return [...tried, ...behind({ name: 'untried', conditions: UNTRIED, ways }, rest)];
  };

  /** The permissions, each behind the change of tags that it takes. Several calls on a resource that take the same one take it once. */
  const emitBehind = ({ question, change, tagAction, gate, grants }: GatedGrants): readonly JointGrant[] =>
    grants.flatMap((grant) => {
      const { label, action } = question;
      const resources = grant.resources.filter((resource) => gate.ways(resource).length > 0);
      if (resources.length === 0) return [];
      const gateOn = (resource: string): string => fact('may', `have tags ${change} ${gate.name} of ${resource}`);
      const some = { ...grant, resources };
      const held = clauses.emitHolders(label, action, some, ` tags ${change} ${gate.name}`);
      for (const resource of resources) {
        for (const body of gate.ways(resource)) {
          const key = `${gateOn(resource)} ${body.join(' ')} ${gate.conditions.length}`;
          if (gates.has(key)) continue;
          gates.add(key);
          const detail = () => ({
            text: `${change === 'set' ? 'Set' : 'Take away'} the tags of ${resource} so that what asks for them is allowed on it.`,
            evidence: evidenceOf(action, grant, grant.principals[0] as string),
            fix: `Take ${tagAction} on ${resource} away.`,
          });
          const label = { technique: RETAG_RESOURCE, to: resource, detail };
          emit({ head: gateOn(resource), body, conditions: gate.conditions, label });
        }
        const body = [held, gateOn(resource)];
        emit({ head: `${label} ${resource}`, body, cost: 0, conditions: grant.conditions, label: THROUGH });
      }
      return [{ ...some, conditions: [...grant.conditions, ...gate.conditions], gate: gateOn }];
    });

  return (question: RetaggingQuestion): readonly JointGrant[] => CHANGES.flatMap((change) => changed(change, question));
}

interface GatedGrants {
  readonly question: RetaggingQuestion;
  readonly change: Retagging;
  readonly tagAction: string;
  readonly gate: Gate;
  readonly grants: readonly JointGrant[];
}

/** What is had on a condition is told so already. */
const withoutConditions = (grant: JointGrant): JointGrant => ({ ...grant, conditions: [] });

function wayOf(facts: PermissionFacts, resource: string): readonly (readonly string[])[] {
  const own = facts.of(resource);
  return own === undefined ? [] : [[own]];
}

/** The condition keys by which policies look at a tag of a resource, without its name. */
function keysOf(resource: string, action: string): readonly string[] {
  const services = sortedUnique([resource.split(':')[2] ?? '', action.split(':')[0] ?? '']);
  const own = services.map((service) => `${service}:ResourceTag`);
  const databases = ['db', 'cluster', 'snapshot', 'cluster-snapshot'].map((kind) => `rds:${kind}-tag`);
  return ['aws:ResourceTag', ...own, ...(services.includes('rds') ? databases : [])];
}
