import { readFile } from 'node:fs/promises';
import { EXIT, type ExitCode, UserError } from '../model/index.js';

/** The text of a file that the user named. @throws UserError where it cannot be read. */
export async function readText(path: string, exitCode: ExitCode = EXIT.unreadable): Promise<string> {
  return (await readBytes(path, path, exitCode)).toString('utf8');
}

/** The bytes of a file that the user named; `name` is what to call it. @throws UserError where it cannot be read. */
export async function readBytes(path: string, name: string, exitCode: ExitCode = EXIT.unreadable): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new UserError(`cannot read ${name}: ${reason}`, exitCode);
  }
}
