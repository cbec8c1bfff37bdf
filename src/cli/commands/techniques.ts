import { EXIT, UserError } from '../../model/index.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import type { AddCommand } from './command.js';

export const addTechniques: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('techniques'), ['table', 'json', 'markdown'])
    .description('the attack techniques, each with its preconditions and references')
    .argument('[id]', 'one technique')
    .action(async (id: string | undefined, options: CommonOptions) => {
      const session = openSession(io, options);
      const { describeTechniques } = await import('../../main/techniques.js');
      const all = describeTechniques();
      const chosen = id === undefined ? all : all.filter((technique) => technique.id === id);
      if (chosen.length === 0)
        throw new UserError(`there is no technique ${id}; see \`trespass techniques\``, EXIT.usage);
      const [only] = chosen;
      if (id !== undefined && only && session.format === 'json') {
        await printAnswer(session, only, () => Promise.reject(new RangeError('json has no text')));
      } else if (session.format === 'markdown') {
        const { renderTechniquePages } = await import('../../reporters/technique-page.js');
        const { techniqueIndex } = await import('../../reporters/technique-index.js');
        const index = id === undefined ? `${techniqueIndex(chosen)}\n\n` : '';
        await session.print(`${index}${renderTechniquePages(chosen)}`);
      } else {
        const { renderTechnique, renderTechniqueList } = await import('../../reporters/answers/techniques.js');
        const render = id === undefined ? renderTechniqueList : renderTechnique;
        await printAnswer(session, chosen, () => Promise.resolve(render));
      }
      finish(EXIT.fine);
    });
