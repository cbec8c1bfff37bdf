import { OTHER_VALUE } from './conditions/operator.js';
import type { RequestContext } from './context/request-context.js';
import { atomic, not, or2, type Truth } from './logic/formula.js';
import { type ArnText, compileResolved, matchesArn } from './matching/arn-pattern.js';
import type { ResourceElement } from './policy/statement.js';
import { candidateValues, openKey, openKeys, resolveTemplate, settleAll, type Template } from './policy/template.js';

/** Whether a `Resource` or `NotResource` element means a resource; a formula where policy variables are not known. */
export function matchResources(element: ResourceElement, resource: ArnText, context: RequestContext): Truth {
  for (const pattern of element.fixed) if (matchesArn(pattern, resource)) return !element.not;
  if (element.templates.length === 0) return element.not;
  let matched: Truth = false;
  for (const template of element.templates) {
    matched = or2(matched, matchTemplate(template, resource, context));
    if (matched === true) return !element.not;
  }
  return element.not ? not(matched) : matched;
}

function matchTemplate(template: Template, resource: ArnText, context: RequestContext): Truth {
  const resolved = resolveTemplate(template, context);
  if (resolved.kind === 'absent') return false;
  if (resolved.kind === 'text') return matchesArn(compileResolved(resolved.text), resource);
  if (!matchesArn(compileResolved(resolved.form), resource)) return false;
  const names = openKeys(template, context);
  return atomic({
    kind: 'key',
    id: `resource ${template.text}`,
    keys: names.map((name) => openKey(name, context)),
    condition: { key: 'resource', operator: 'ArnLike', values: [template.text] },
    holds: (values) => {
      const settled = resolveTemplate(template, settleAll(context, names, values));
      return settled.kind === 'text' && matchesArn(compileResolved(settled.text), resource);
    },
    samples: [...candidateValues([template], [resource.text]), OTHER_VALUE],
    patterns: [],
    multivalued: false,
  });
}
