import { readFile } from 'node:fs/promises';
import { EXIT, type ExitCode, UserError } from '../model/index.js';

/** The text of a file that the user named. @throws UserError where it cannot be read. */
export async function readText(path: string, exitCode: ExitCode = EXIT.unreadable): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new UserError(`cannot read ${path}: ${reason}`, exitCode);
  }
}
