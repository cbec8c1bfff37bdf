import { once, onceFor, onceForBoth } from '../model/index.js';
import { deriveContext, readStated } from './context/derive-context.js';
import type { RequestContext } from './context/request-context.js';
import type { Surroundings } from './evaluate-request.js';
import type { CompiledDocument } from './policy/document.js';
import { resolveTemplate, type Template } from './policy/template.js';
import { policiesOf, type PrincipalRecord } from './principals/read-principals.js';
import type { Subjects } from './principals/resolve-subject.js';
import type { Target } from './resources/resolve-target.js';

/** How many texts one template may come to. */
const MOST_TEXTS = 100;

/** What templates with policy variables come to for those to whom their document applies; `undefined` where that is too much. */
export type FillTemplate = (
  template: Template,
  document: CompiledDocument,
  isForAll: boolean,
) => ReadonlySet<string> | undefined;

/**
 * Variables take the values of whoever asks: a template stands for one text for each that differs. What is not known of somebody
 * stands as a wildcard. A document `isForAll` where others may come under it than those who have it for their own.
 */
export function templateFiller(
  records: readonly PrincipalRecord[],
  { subjects, surroundings, nowhere }: FillerSources,
): FillTemplate {
  const holders = once(() => holdersByDocument(records));
  const contextOf = onceFor(({ id }: PrincipalRecord): RequestContext | undefined => {
    const subject = subjects.resolve(id);
    const { organizations, now } = surroundings;
    return (
      subject &&
      // The variables that name the caller do not hang on the action.
      deriveContext({ action: '', subject, target: nowhere, organizations, now, retagged: undefined, stated: NONE })
    );
  });
  const fill = (template: Template, principals: readonly PrincipalRecord[]): ReturnType<FillTemplate> => {
    const texts = new Set<string>();
    for (const record of principals) {
      const context = contextOf(record);
      const resolved = context && resolveTemplate(template, context);
      if (resolved === undefined || resolved.kind === 'absent') continue;
      texts.add(resolved.kind === 'text' ? resolved.text : resolved.form);
      if (texts.size > MOST_TEXTS) return undefined;
    }
    return texts;
  };
  const forAll = onceFor((template: Template) => fill(template, records));
  const forOwn = onceForBoth((document: CompiledDocument, template: Template) =>
    fill(template, holders().get(document) ?? []),
  );
  return (template, document, isForAll) => (isForAll ? forAll(template) : forOwn(document, template));
}

interface FillerSources {
  readonly subjects: Subjects;
  readonly surroundings: Surroundings;
  /** `*`: what is asked about is none of the resource's business. */
  readonly nowhere: Target;
}

const NONE = readStated(undefined);

function holdersByDocument(
  records: readonly PrincipalRecord[],
): ReadonlyMap<CompiledDocument, readonly PrincipalRecord[]> {
  const holders = new Map<CompiledDocument, PrincipalRecord[]>();
  for (const record of records) {
    for (const { document } of policiesOf(record)) {
      const known = holders.get(document);
      if (known) known.push(record);
      else holders.set(document, [record]);
    }
  }
  return holders;
}
