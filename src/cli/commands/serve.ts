import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { EXIT, UserError } from '../../model/index.js';
import { pathsPerPairOption, vulnerabilitiesOption, wholeNumber } from '../flags.js';
import { readText } from '../read-text.js';
import { EVENTS, type PageServer, servePage } from '../serve/page-server.js';
import { signatureOf, watchFiles } from '../serve/watch-files.js';
import { openSession, type Session } from '../session.js';
import { openSnapshot, type OpenOptions } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface ServeOptions extends OpenOptions {
  readonly port: number;
  readonly baseline?: string;
  readonly allowGaps?: boolean;
  readonly config?: string;
  readonly quiet?: boolean;
}

export const addServe: AddCommand = (program, { io, finish }) =>
  program
    .command('serve')
    .description('show the interactive report on this machine, and again whenever the snapshot changes')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .addOption(
      new Option('--port <port>', 'the port to listen on; 0 for any that is free')
        .argParser(wholeNumber(0, 65535))
        .default(0),
    )
    .option('--baseline <file>', 'what is accepted, as `trespass baseline` wrote it: the report says what is new')
    .option('--allow-gaps', 'as for `trespass check`: what could not be seen does not leave it undecided')
    .addOption(pathsPerPairOption())
    .addOption(vulnerabilitiesOption())
    .option('--config <file>', 'configuration file (default: trespass.config.yaml, upward to the repository root)')
    .option('--quiet', 'no progress and no diagnostics on standard error')
    .action(async (snapshot: string, options: ServeOptions) => {
      const session = openSession(io, { ...options, format: 'html', color: false });
      const render = (): Promise<string> => renderServed(session, snapshot, options);
      const path = resolve(io.cwd, snapshot);
      // What is written while the first report is made is a change too.
      const seen = await signatureOf(path);
      const server = await startServer(await render(), options.port);
      const watch = watchFiles(path, seen, async () => {
        try {
          server.replace(await render());
          session.note('the snapshot changed: the report is new');
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          session.alarm(`the snapshot changed and cannot be shown: ${error.message}`);
        }
      });
      await session.print(`${server.url}\n`);
      session.note('Whoever can open this address sees the report. Ctrl+C ends it.');
      await untilStopped();
      watch.stop();
      await server.close();
      finish(EXIT.fine);
    });

async function renderServed(session: Session, snapshot: string, options: ServeOptions): Promise<string> {
  const [{ checkReport, finishReport, pageData, parseBaseline }, { pageDocument }, { readPageFiles }] =
    await Promise.all([import('../../main/index.js'), import('../../reporters/index.js'), import('../page-files.js')]);
  const { analysis, reads } = await openSnapshot(session, snapshot, options);
  const config = await session.config();
  const report = finishReport(analysis, config);
  const file = options.baseline ?? config.baseline;
  const shown =
    file === undefined
      ? report
      : checkReport(report, {
          baseline: parseBaseline(await readText(file), file),
          now: session.io.now(),
          allowGaps: options.allowGaps === true,
          reads,
        });
  return pageDocument(pageData(analysis, shown, snapshot), await readPageFiles(), { events: EVENTS });
}

async function startServer(page: string, port: number): Promise<PageServer> {
  try {
    return await servePage(page, { port, token: randomBytes(24).toString('base64url') });
  } catch (error) {
    throw new UserError(`cannot listen on port ${port}: ${(error as Error).message}`, EXIT.usage);
  }
}

const untilStopped = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
