import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The program compiled file by file (it is shipped as fewer files), and what measures it, as plain JavaScript too: nothing is translated while the clock runs. */
export interface CompiledProgram {
  /** The folder of compiled files, laid out like `src/`. */
  readonly folder: string;
  /** The compiled `measure.ts`. */
  readonly measure: string;
}

/** Compiles the program inside of the project, where it finds its dependencies. */
export function compileProgram(): CompiledProgram {
  const cache = join(root, '.cache', 'bench');
  const folder = join(cache, 'dist');
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', folder, '--incremental', 'false'];
  execFileSync(process.execPath, [tsc, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  copyFileSync(join(root, 'package.json'), join(cache, 'package.json'));
  const measure = join(cache, 'measure.mjs');
  const { outputText } = ts.transpileModule(readFileSync(join(root, 'bench', 'measure.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(measure, outputText);
  return { folder, measure };
}
