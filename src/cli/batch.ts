import { EXIT, type ExitCode, isObject, type JsonObject, UserError } from '../model/index.js';
import { cannotRead, withoutMark } from './read-text.js';
import type { Session } from './session.js';

/** Answers one question of a batch. @throws UserError where it cannot be asked. */
export type AnswerQuestion = (question: JsonObject) => object;

/**
 * Reads questions, a JSON object a line, and prints each answer on a line as soon as it is known, with its question. What is no
 * question gets an `error` in its place. Blank lines are passed over.
 */
export async function answerBatch(session: Session, file: string, answer: AnswerQuestion): Promise<ExitCode> {
  const { io } = session;
  let exitCode: ExitCode = EXIT.fine;
  const answers: string[] = [];
  const answerSafely = (line: string): object => {
    try {
      return answerLine(line, answer);
    } catch (error) {
      exitCode = EXIT.defect;
      return { question: line, error: `this is a defect of the program: ${String(error)}` };
    }
  };
  try {
    for await (const read of file === '-' ? io.readLines() : await readFileLines(file)) {
      const line = withoutMark(read);
      if (line.trim() === '') continue;
      answers.push(`${JSON.stringify(answerSafely(line))}\n`);
      if (answers.length >= LINES_A_WRITE) await session.print(answers.splice(0).join(''));
      if (io.isClosed) return exitCode;
    }
  } catch (error) {
    throw error instanceof UserError ? error : cannotRead(file, error);
  }
  if (answers.length > 0) await session.print(answers.join(''));
  return exitCode;
}

const LINES_A_WRITE = 64;

function answerLine(line: string, answer: AnswerQuestion): object {
  let question: unknown;
  try {
    question = JSON.parse(line);
  } catch (error) {
    return { question: line, error: `the line is no JSON: ${(error as Error).message}` };
  }
  try {
    if (!isObject(question)) throw new UserError('a question is a JSON object', EXIT.usage);
    return { question, ...answer(question) };
  } catch (error) {
    if (error instanceof UserError) return { question, error: error.message };
    throw error;
  }
}

async function readFileLines(file: string): Promise<AsyncIterable<string>> {
  const { open } = await import('node:fs/promises');
  return (await open(file)).readLines();
}

/** A field of a question that is a string. @throws UserError where it is none, or is missing and `required`. */
export function questionText(question: JsonObject, key: string): string {
  const value = optionalText(question, key);
  if (value === undefined) throw new UserError(`the question has no "${key}"`, EXIT.usage);
  return value;
}

export function optionalText(question: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(question, key) ? question[key] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new UserError(`"${key}" of the question is no string`, EXIT.usage);
  return value;
}

/** Refuses keys that mean nothing, since a misspelt one would change the question. */
export function refuseUnknownKeys(question: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(question).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UserError(`the question has an unknown key "${unknown}"; it may have ${known.join(', ')}`, EXIT.usage);
  }
}
