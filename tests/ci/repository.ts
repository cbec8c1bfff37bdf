import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The packages that are installed here. */
export const PACKAGES = join(ROOT, 'node_modules');
/** What git does not keep, and git itself. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage']);

/** This repository as a checkout has it: without anything installed or built. */
export function checkOut(folder: string): void {
  cpSync(ROOT, folder, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) });
}

/** Makes a folder a git repository of one commit, with a tag. */
export function makeRepository(folder: string, tag: string): void {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], { cwd: folder });
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=All');
  git('tag', tag);
}

const npmConfig = (key: string): string => execFileSync('npm', ['config', 'get', key], { encoding: 'utf8' }).trim();

/** Lets npm use what this machine has of the packages, although the home folder is another. */
export const npmEnvironment = (): Readonly<Record<string, string>> => ({
  npm_config_cache: npmConfig('cache'),
  npm_config_userconfig: npmConfig('userconfig'),
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
});
