/** In CI random tests draw more. */
export const IS_CI = process.env['CI'] === 'true';

/**
 * The seed of random tests: the same each time, so that a run fails for what changed alone; `TRESPASS_SEED` names another one, or `random`.
 * Printed by whoever draws.
 */
const stated = process.env['TRESPASS_SEED'] ?? '20260301';
export const SEED = stated === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(stated);
