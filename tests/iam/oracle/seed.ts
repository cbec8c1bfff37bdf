/** The seed of this run's random tests: `TRESPASS_SEED` to replay one, else a new one. Printed by whoever draws. */
export const SEED = Number(process.env['TRESPASS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
