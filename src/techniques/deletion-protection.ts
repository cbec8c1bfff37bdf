import { type Asset, at, flag } from '../model/index.js';

/** Whether a setting keeps a table from being deleted; `undefined` for one that was only listed, which says nothing of itself. */
export const isTableProtected = ({ record }: Pick<Asset, 'record'>): boolean | undefined =>
  at(record, 'TableArn') === undefined ? undefined : flag(at(record, 'DeletionProtectionEnabled')) === true;
