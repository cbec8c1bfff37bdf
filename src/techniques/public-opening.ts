import type { PolicyOpening } from '../iam/index.js';

/** Conditions that somebody at large cannot meet: where a request comes from, and whose it is. */
const FOR_SOME =
  /^aws:(sourceip|vpcsourceip|sourcevpc|sourcevpce|sourcevpcarn|principalorgid|principalorgpaths|principalaccount|principalarn|resourceorgid)$/i;

/** A range of an eighth of the internet or more is open to the world, nearly. */
const isBroadRange = (cidr: string): boolean => /^[\d.]+\/[0-3]$|^[\da-f:]+\/\d$/i.test(cidr);

/** Whether what a policy opens to the public is, by its conditions, for some alone. */
export const isForSome = ({ conditions }: Pick<PolicyOpening, 'conditions'>): boolean =>
  conditions.some(({ key, values }) => FOR_SOME.test(key) && !values.some(isBroadRange));

/** Whether it opens an action. */
export const opensAction = ({ actions }: Pick<PolicyOpening, 'actions'>, action: string): boolean =>
  actions.some((one) => one.toLowerCase() === action.toLowerCase());
