import { makeColors } from '../colors.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

interface Connected {
  readonly from: string;
  readonly to: string;
  readonly chains: readonly {
    readonly assets: readonly string[];
    readonly links: readonly (readonly { readonly from: string; readonly kind: string; readonly source: string }[])[];
  }[];
}

/** How two assets are related, for a terminal: a chain a block, an asset a line. */
export function renderConnection(answer: Connected, { color }: RenderOptions): string {
  const paint = makeColors(color);
  if (answer.chains.length === 0) {
    return printable(
      `${answer.from} and ${answer.to} are related by no chain of relationships in this snapshot`,
    ).concat('\n');
  }
  const blocks = answer.chains.map(({ assets, links }, at) => {
    const lines = [paint.bold(`chain ${at + 1}, ${links.length} relationships`)];
    for (const [index, asset] of assets.entries()) {
      lines.push(`  ${printable(asset)}`);
      for (const link of links[index] ?? []) {
        const arrow = link.from === asset ? `↓ ${link.kind}` : `↑ ${link.kind}`;
        lines.push(`    ${printable(arrow)} ${paint.dim(printable(`[${link.source}]`))}`);
      }
    }
    return lines.join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
