import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';
import { bullet, conditionWords } from './authorization-lines.js';

interface WhatCan {
  readonly principal: string;
  readonly actions: readonly {
    readonly action: string;
    readonly resources: readonly {
      readonly pattern: string;
      readonly also: readonly string[];
      readonly except: readonly string[];
      readonly verdict: string;
      readonly conditions: readonly Condition[];
    }[];
  }[];
}

/** What a principal may do, for a terminal: an action a block, a pattern of resources a line. */
export function renderWhatCan(answer: WhatCan, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = [printable(`${answer.principal} may do`)];
  for (const { action, resources } of answer.actions) {
    lines.push('', `  ${paint.bold(printable(action))}${resources.length === 0 ? ': on nothing' : ''}`);
    for (const { pattern, also, except, verdict, conditions } of resources) {
      const what = [pattern, ...also].join(' that is like ');
      const less = except.length === 0 ? '' : `, except ${except.join(', ')}`;
      const how = verdict === 'allowed' ? '' : `: ${verdict}${conditionWords(conditions)}`;
      lines.push(...bullet(`${what}${less}${how}`, width));
    }
  }
  return `${lines.join('\n')}\n`;
}
