import type { PolicyChange } from '../iam/index.js';
import type { TechniqueInfo } from './technique.js';

/** What the ways to come under further policies have in common. */
export const ROW = {
  tactic: 'Privilege Escalation',
  attack: ['T1098.003', 'T1548.005'],
  difficulty: { cost: 1, reason: 'one API call' },
} as const;
export const ASSUMPTIONS = [
  'What the principal may do with it is judged: with each such gain, and with those of one kind together (the groups that the same people put users in; all policies that are attached to it). Of gains of several kinds, all are judged together for whoever may make them all (tags by themselves, and with policies that look at them); where only some may be made, what they give together is told on condition.',
];
export const HOLDS = 'The intruder holds credentials of a principal that gains by it.';

/** What somebody can do so that further policies apply to principals. */
export interface Call {
  readonly info: TechniqueInfo;
  readonly action: string;
  /** The group, policy, user or role that it is done to. */
  readonly on: string;
  /** The permissions that it takes. */
  readonly body: readonly string[];
  readonly does: string;
  readonly gainers: readonly string[];
  readonly change: PolicyChange;
  /** What it brings into force, by name: the policies of the change when absent. */
  readonly brings?: readonly string[];
  /** What is so of that, as evidence: what it brings into force when absent. */
  readonly fact?: string;
  /** Calls that make the same change of other principals are judged in one world of this name. */
  readonly world?: string;
}

/** Policies that allow something, but not everything, and that a principal can come under: it is asked about again with them. */
export interface PolicyGain {
  readonly principal: string;
  /** The technique by which it comes. */
  readonly kind: string;
  readonly change: PolicyChange;
  /** What an intruder does for it, the same for all principals that gain by it. */
  readonly fact: string;
  /** As in {@link Call.world}. */
  readonly world?: string;
}

/** Gains that take several things to be done. */
export interface JoinedGain extends PolicyGain {
  readonly facts: readonly string[];
}
