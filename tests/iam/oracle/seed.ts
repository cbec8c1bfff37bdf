/** In CI random tests draw more, and always the same. */
export const IS_CI = process.env['CI'] === 'true';

/**
 * The seed of this run's random tests: `TRESPASS_SEED` to replay one; CI has one of its own, so that it fails for what changed alone; else a new
 * one. Printed by whoever draws.
 */
export const SEED = Number(process.env['TRESPASS_SEED'] ?? (IS_CI ? 20_260_301 : Math.floor(Math.random() * 2 ** 31)));
