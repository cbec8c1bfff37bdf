import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, UserError } from '../../model/index.js';
import { GRAPH_FORMATS } from '../../reporters/graphs/index.js';
import { addCommonFlags, pathsPerPairOption, preparedOption } from '../flags.js';
import type { ReportOptions } from '../print-report.js';
import { openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addExport: AddCommand = (program, { io, finish }) =>
  addCommonFlags(
    program.command('export'),
    GRAPH_FORMATS.map(({ name }) => name),
  )
    .description('give the asset graph and the steps of the paths to other programs')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .addOption(pathsPerPairOption())
    .addOption(preparedOption())
    .action(async (snapshot: string, options: ReportOptions) => {
      const format = GRAPH_FORMATS.find(({ name }) => name === options.format);
      if (!format) throw new RangeError(`no format ${options.format}`);
      if (format.isFolder && options.output === undefined)
        throw new UserError(`${format.name} is several files: name a folder with --output`, EXIT.usage);
      const session = openSession(io, options);
      const { analysis } = await openPreparedFirst(session, snapshot, options);
      const { exportGraph } = await import('../../main/export-graph.js');
      const files = (await format.load())(exportGraph(analysis));
      for (const { name, text } of files) {
        if (name === '') {
          await session.print(text);
          continue;
        }
        await makeFolder(options.output ?? '');
        const output = join(options.output ?? '', name);
        await openSession(io, { ...options, output }).print(text);
        session.note(`wrote ${output}`);
      }
      finish(EXIT.fine);
    });

/** What is in it names an account's weak points, so it is for its owner alone. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(`cannot make the folder ${path}: ${(error as Error).message}`, EXIT.usage);
  }
}
