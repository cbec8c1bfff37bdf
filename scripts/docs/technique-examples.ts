import { conditionText } from '../../src/reporters/condition-text.js';
import { askExample, type ExampleAnswer, type Way } from '../../tests/techniques/examples/ask.js';
import type { Example, TechniqueExamples } from '../../tests/techniques/examples/example.js';
import { EXAMPLES } from '../../tests/techniques/examples/index.js';
import { ACCOUNT } from '../../tests/techniques/miniature.js';
import { lineDiff } from './line-diff.js';
import { worldLines } from './world-lines.js';

/** The examples of a technique as a section of its page, with what the program answers when the page is made. */
export function exampleSection(technique: string): string | undefined {
  const examples = EXAMPLES.get(technique);
  if (examples === undefined) return undefined;
  const { from, reaches, works, fails, alsoFails = [], unknown } = examples;
  const plain = worldLines(works.world);
  const differing = (example: Example): string => fence('diff', lineDiff(plain, worldLines(example.world)));
  const ask = ({ world, from: start = from }: Example & { readonly from?: string }): ExampleAnswer =>
    askExample(technique, { ...examples, from: start }, world);
  return [
    '## Examples',
    `Each is a small account that the tests ask: what does an intruder on ${bare(from)} get of ${bare(reaches)}? Those after the first say what differs from it.${plain.some((line) => line.includes('sg-')) ? ` ${GROUPS}` : ''}`,
    `**Works.** ${works.why}`,
    fence('text', plain),
    reached(examples, ask(works).way),
    ...[fails, ...alsoFails].flatMap((example) => [
      `**Fails.** ${example.why}`,
      differing(example),
      notReached(technique, ask(example)),
    ]),
    `**Unknown.** ${unknown.why}${unknown.from === undefined ? '' : ` The intruder is on ${bare(unknown.from)}.`}`,
    differing(unknown),
    reached(examples, ask(unknown).way),
  ].join('\n\n');
}

const GROUPS =
  'Security groups are called by what they let in: `sg-closed` nothing, `sg-open-PORT` the internet, `sg-office` one office, `sg-from-hosts` what is in one of the other groups.';

const fence = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

const bare = (asset: string): string =>
  asset === 'internet' ? 'the internet' : `\`${asset.replace(new RegExp(`^arn:aws:[^:]*:[^:]*:${ACCOUNT}:`), '')}\``;

const ACCESS: Readonly<Record<TechniqueExamples['access'], string>> = {
  control: 'control of',
  read: 'to read',
  write: 'to write',
  admin: 'to be',
  connection: 'a connection to',
  login: 'a login for',
};

function reached({ reaches, access }: TechniqueExamples, way: Way | undefined): string {
  if (way === undefined) throw new RangeError(`no way to ${reaches}`);
  const conditions = [...new Set(way.conditions.map(conditionText))].map((text) => `   - if ${text}`);
  return [
    `Answer: ${way.confidence}, gets ${ACCESS[access]} ${bare(reaches)}.`,
    '',
    ...way.steps.map(({ technique, text }, at) => `${at + 1}. \`${technique}\`: ${text}`),
    ...conditions,
  ].join('\n');
}

function notReached(technique: string, { without }: ExampleAnswer): string {
  if (without === undefined) return 'Answer: not reached.';
  const ids = without.steps.map((step) => `\`${step.technique}\``).join(', ');
  return `Answer: not by \`${technique}\`; ${without.confidence}, by ${ids}.`;
}
