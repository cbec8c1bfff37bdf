import type { RenderOptions } from '../reporters/index.js';
import type { Session } from './session.js';

/** Prints the answer to a single question: as JSON, or as its own text. */
export async function printAnswer<T>(
  session: Session,
  answer: T,
  load: () => Promise<(answer: T, options: RenderOptions) => string>,
): Promise<void> {
  if (session.format === 'json') {
    const { formatJson } = await import('../reporters/json.js');
    await session.print(formatJson(answer));
    return;
  }
  const render = await load();
  await session.print(render(answer, session.render));
}
