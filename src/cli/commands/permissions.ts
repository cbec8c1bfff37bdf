import { EXIT } from '../../model/index.js';
import { addCommonFlags } from '../flags.js';
import { type CommonOptions, openSession } from '../session.js';
import type { AddCommand } from './command.js';

export const addPermissions: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('permissions'), ['json'])
    .description('the read-only IAM policy that collecting needs')
    .action(async (options: CommonOptions) => {
      const session = openSession(io, options);
      const { requiredPolicy } = await import('../../main/scan.js');
      const { formatJson } = await import('../../reporters/json.js');
      await session.print(formatJson(requiredPolicy()));
      finish(EXIT.fine);
    });
