import { readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url);
const trace = new NoOperationTraceWriter();

export const readDoc = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The YAML blocks of a Markdown page, without their indentation. */
export const yamlBlocks = (page: string): readonly string[] =>
  [...readDoc(page).matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)].map(([, { length } = '', block = '']) =>
    block
      .split('\n')
      .map((line) => line.slice(length))
      .join('\n'),
  );

/** What GitHub's own parser finds wrong in the definition of an action. */
export function actionErrors(content: string): readonly string[] {
  const { context, value } = parseAction({ name: 'action.yml', content }, trace);
  if (value !== undefined) convertActionTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** What GitHub's own parser finds wrong in a workflow. */
export async function workflowErrors(content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, trace);
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

export interface ActionStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly ActionStep[] };
}

export const readAction = (): Action => parse(readDoc('action.yml')) as Action;
