import { spawn } from 'node:child_process';

export interface Finished {
  /** 0 when it went well; 1 also where the program could not be started or was killed. */
  readonly exitCode: number;
  /** Both outputs together, unless they were shown. */
  readonly output: string;
}

export interface RunOptions {
  /** `show` passes output on as it comes, `keep` collects it. */
  readonly output: 'show' | 'keep';
  readonly cwd: string;
}

/** Runs a program without input and waits for its end. Never rejects. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((done) => {
    const shown = options.output === 'show' ? 'inherit' : 'pipe';
    const child = spawn(program, args, { cwd: options.cwd, stdio: ['ignore', shown, shown] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => done({ exitCode: 1, output: error.message }));
    child.on('close', (code) => done({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
