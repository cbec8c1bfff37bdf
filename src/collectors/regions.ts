import { byCode, EXIT, type Gap, UserError } from '../model/index.js';
import { readFailure } from './failure.js';
import { enabledRegions, ownRegion, type Session } from './session.js';

/** The regions to collect. */
export interface Regions {
  readonly names: readonly string[];
  /** Whether all are meant that an account has switched on, which are not the same in every account. */
  readonly isAll: boolean;
}

/** @throws UserError for what is no region, or where the account does not say which it has */
export async function chooseRegions(asked: readonly string[], session: Session): Promise<Regions> {
  const named = asked.filter((region) => region !== 'all');
  const wrong = named.find((region) => !/^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(region));
  if (wrong !== undefined) throw new UserError(`${wrong} is not an AWS region code, such as eu-central-1.`, EXIT.usage);
  if (!asked.includes('all')) {
    if (named.length > 0) return { names: [...new Set(named)].sort(byCode), isAll: false };
    const own = await ownRegion(session.client);
    if (own !== undefined && own !== '') return { names: [own], isAll: false };
  }
  try {
    return { names: await enabledRegions(session), isAll: true };
  } catch (cause) {
    const { error, message } = readFailure(cause);
    throw new UserError(
      `The account's regions cannot be listed (${error}: ${message}). Name them with --region.`,
      EXIT.aws,
    );
  }
}

/**
 * Where all are meant, those of another account of the organization. Where it does not say which it has, those of the account that was asked first, and a gap.
 * @param ask what the account has switched on
 */
export async function regionsOfMember(
  { names, isAll }: Regions,
  account: string,
  ask: () => Promise<readonly string[]>,
): Promise<{ readonly regions: readonly string[]; readonly gaps: readonly Gap[] }> {
  if (!isAll) return { regions: names, gaps: [] };
  try {
    return { regions: await ask(), gaps: [] };
  } catch (cause) {
    const { error, message } = readFailure(cause);
    const place = { account, region: 'global', service: 'ec2', operation: 'DescribeRegions' };
    return { regions: names, gaps: [{ ...place, error, message }] };
  }
}
