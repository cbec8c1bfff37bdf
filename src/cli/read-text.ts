import { readFile } from 'node:fs/promises';
import { EXIT, type ExitCode, UserError } from '../model/index.js';

/** The text of a file that the user named. @throws UserError where it cannot be read. */
export async function readText(path: string, exitCode: ExitCode = EXIT.unreadable): Promise<string> {
  return withoutMark((await readBytes(path, path, exitCode)).toString('utf8'));
}

/** A text without the byte order mark that editors of Windows put before it. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

/** The bytes of a file that the user named; `name` is what to call it. @throws UserError where it cannot be read. */
export async function readBytes(path: string, name: string, exitCode: ExitCode = EXIT.unreadable): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw cannotRead(name, error, exitCode);
  }
}

/** What to say of a file that the user named and that cannot be read. */
export function cannotRead(name: string, error: unknown, exitCode: ExitCode = EXIT.unreadable): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
  return new UserError(`cannot read ${name}: ${reason}`, exitCode);
}
